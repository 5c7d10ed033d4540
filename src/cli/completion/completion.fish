# Completion of owup for fish.
function __owup_all
    string match -qr -- '^(--all|-a)$' (commandline -opc)
end
function __owup_word
    set -l words (string match -v -- '-*' (commandline -opc))
    test (count $words) -eq (math $argv[1] + 1)
end
function __owup_tail
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words); or return 1
    set -e words[1..$at]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c owup -f
@@COMPLETE@@
