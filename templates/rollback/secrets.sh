# Secrets are only in memory and in pipes: never in a file, never in a command line.

values=
# The same, one line each, to keep them out of what is printed.
plain=
collected=' '
# Takes a secret from our environment, or from that of a copy that runs.
collect() {
  case $collected in *" $1 "*) return ;; esac
  if eval "[ -n \"\${$1+set}\" ]"; then
    eval "value=\$$1"
  else
    value=x
    for one in $running; do
      # Values may have several lines.
      value=$(tr 2>/dev/null '\000\n' '\n\001' <"/proc/$one/environ" | sed -n "s/^$1=//p" | tr '\001' '\n' && printf x)
      if [ "$value" != x ]; then break; fi
    done
    if [ "$value" = x ]; then return; fi
    value=${value%x}
    value=${value%"$newline"}
    say "  the secret $1 is not in this environment; a copy that runs has it"
  fi
  plain=$plain$value$newline
  text=$(printf '%sx\n' "$value" | sed "s/'/'\\\\''/g")
  values="$values$1='${text%x}'$newline"
  collected="$collected$1 "
}
collect_all() {
  running=
  for file in "$instance"/copies/*/child "$instance"/copies/*/supervisor "$ingress/child"; do
    if alive "$file"; then running="$running $pid"; fi
  done
  for server in $servers; do
    about "$server"
    for name in $required $optional; do collect "$name"; done
  done
  for name in $ingress_required $ingress_optional; do collect "$name"; done
}
# The last lines of a program's log, with [secret] for each line of a secret that is known here. As in the journal, what is
# shorter than 8 characters stays. The longest first, since one may begin with another.
end_of_log() {
  {
    printf '%s' "$plain"
    printf '\001\n'
    tail -n 20 "$1/log" 2>/dev/null
  } | awk '
    $0 == "\001" && !known { known = 1; next }
    !known {
      if (length($0) < 8) next
      for (at = ++count; at > 1 && length(secret[at - 1]) < length($0); at--) secret[at] = secret[at - 1]
      secret[at] = $0
      next
    }
    {
      line = $0
      for (one = 1; one <= count; one++) {
        done = ""
        while ((at = index(line, secret[one])) > 0) {
          done = done substr(line, 1, at - 1) "[secret]"
          line = substr(line, at + length(secret[one]))
        }
        line = done line
      }
      print line
    }' | harmless
}
missing_of() {
  missing=
  for name in "$@"; do
    case $collected in *" $name "*) ;; *) missing="$missing $name" ;; esac
  done
}
# Before anything is changed: without these it would stop half way.
check_secrets() {
  lacking=
  for server in $to_start; do
    about "$server"
    # shellcheck disable=SC2086 # Names.
    missing_of $required
    for name in $missing; do
      lacking="$lacking $name"
      say "✗ $server needs the secret $name: it is not in this environment, and no copy that runs has it"
    done
  done
  if ! runs "$ingress"; then
    # shellcheck disable=SC2086 # Names.
    missing_of $ingress_required
    for name in $missing; do
      lacking="$lacking $name"
      say "✗ the ingress needs the secret $name to ask after health"
    done
  fi
  [ -z "$lacking" ] && return
  # shellcheck disable=SC2086 # Names.
  set -- $lacking
  fail "nothing was changed" \
    "give it without leaving it in the history of the shell, then run this again:" \
    "  stty -echo; read -r $1; stty echo; export $1"
}
