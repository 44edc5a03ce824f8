# Which ports of this machine are in use.

# Lines of the kernel's tables whose local port is $1 and whose state is like $2.
sockets() {
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F]+:[0-9A-F]+ $2 " /proc/net/tcp /proc/net/tcp6
}
listens() {
  if [ -r /proc/net/tcp ]; then sockets "$1" 0A
  elif command -v nc >/dev/null 2>&1; then nc -z 127.0.0.1 "$1" >/dev/null 2>&1
  elif [ "$asker" = curl ]; then
    curl -q -s -m 2 -o /dev/null "http://127.0.0.1:$1/"
    [ $? -ne 7 ]
  else sleep 2; fi
}
# A connection that is closed and only waits for late packets (06) is in nobody's way.
taken() {
  if [ -r /proc/net/tcp ]; then sockets "$1" '0[1-57-9A-F]'; else listens "$1"; fi
}
# Another port than `port`, which no server of this release was given and nothing uses.
choose_port() {
  port=$((20000 + $$ % 9000))
  while taken "$port" || grep -qx "port='$port'" "$data"/servers/*/about.sh || grep -qsx "$port" "$instance"/copies/*/port; do
    port=$((port + 1))
  done
}
