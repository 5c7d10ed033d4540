#compdef owup
# Completion of owup for zsh.
_owup_plugins() {
  local -a ids
  ids=(${(f)"$(_call_program plugins $service list -q)"})
  compadd -a ids
  _files -g '*.py(-.)'
}
_owup_plugins_or_folders() {
  if (( words[(I)--all] || words[(I)-a] )); then
    _files -/
  else
    _owup_plugins
  fi
}
_owup_commands() {
  local -a commands
  commands=(
@@COMMANDS@@
  )
  _describe command commands
}
_owup() {
  local curcontext=$curcontext state line
  _arguments -C@@TOP_OPTIONS@@ \
        '1:command:_owup_commands' \
        '*::word:->words'
  [[ $state == words ]] || return
  case $line[1] in
@@COMMAND_CASES@@
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _owup "$@"
else
  compdef _owup owup
fi
