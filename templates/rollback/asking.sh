# Asks copies and the ingress over HTTP, where curl or wget is there.

asker=
for program in curl wget; do
  if [ -z "$asker" ] && command -v "$program" >/dev/null 2>&1; then asker=$program; fi
done
once=
if [ "$asker" = wget ] && wget --version 2>/dev/null | grep -q GNU; then once='-t1 --no-proxy'; fi
# Whether the copy of `about` says anything at all; a server that hangs listens still.
answers() {
  case $asker in
    curl)
      code=$(curl -q -s -m 2 -o /dev/null -w '%{http_code}' -X POST -H 'content-type: application/json' -d '{}' \
        "http://127.0.0.1:$port$endpoint")
      [ "$code" != 000 ]
      ;;
    wget)
      # shellcheck disable=SC2086 # No flag, or two.
      [ -z "$health" ] || wget -q -T 2 $once -O /dev/null "http://127.0.0.1:$port$health" 2>/dev/null
      ;;
  esac
}
# Whether the ingress finds that server healthy: it makes a real call. What it says otherwise is in `detail`.
healthy() {
  case $asker in
    curl)
      detail=$(curl -q -s -k -m 6 -w '\nHTTP %{http_code}' -H "Host: $ingress_host" "$ingress_address/$1/health")
      case $detail in *'HTTP 200') return 0 ;; esac
      told=$(printf '%s\n' "$detail" | sed -n 's/.*"detail":"\([^"]*\)".*/\1/p')
      detail=${told:-no answer}
      return 1
      ;;
    wget)
      detail='no good answer'
      insecure=
      case $ingress_address in https:*) insecure=--no-check-certificate ;; esac
      # shellcheck disable=SC2086 # No flag, or some.
      wget -q -T 6 $once $insecure --header "Host: $ingress_host" -O /dev/null "$ingress_address/$1/health" 2>/dev/null
      ;;
  esac
}
