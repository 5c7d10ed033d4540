# Completion of owup for bash: eval "$(owup completion bash)"
_owup_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}
_owup_files() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen "${1:--f}" -- "$cur")
}
_owup_plugins() {
  local word quoted
  while IFS= read -r word; do
    printf -v quoted %q "$word"
    [[ $word == "$cur"* ]] && COMPREPLY+=("$quoted")
  done < <("$1" list -q 2>/dev/null)
  ((${#COMPREPLY[@]})) || _owup_files
}
_owup() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command='' index=1 all=0 i
  COMPREPLY=()
  # bash splits --option=value into three words.
  [[ $cur == = ]] && cur=''
  [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      @@VALUE_OPTIONS@@)
        [[ ${COMP_WORDS[i+1]} == = ]] && ((i++))
        ((i++)) ;;
      --)
        # bash-completion has that function.
        case $command in@@COMMANDS_THAT_RUN@@) declare -F _command_offset >/dev/null && _command_offset $((i + 1)) ;; esac
        return ;;
      --all|-a) all=1 ;;
      -*) ;;
      *) if [[ $command ]]; then ((index++)); else command=${COMP_WORDS[i]}; fi ;;
    esac
  done
  case $prev in
@@VALUE_CASES@@
    *) _owup_rest "$1" ;;
  esac
}
_owup_rest() {
  case $command:$cur in
    :-*)
      _owup_words@@TOP_OPTIONS@@ ;;
    :*)
      _owup_words@@COMMANDS@@ ;;
@@COMMAND_CASES@@
  esac
}
complete -F _owup owup
