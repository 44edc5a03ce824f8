# Finds, starts and ends programs in the same way as the target does.

# The start time tells a process from a later one with the same pid. A zombie has ended.
started() {
  if [ -d /proc/self ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
  else ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}
# Whether the process still lives that a file, child or supervisor, names; its number is then in `pid`.
alive() {
  [ -r "$1" ] || return 1
  read -r pid since <"$1"
  [ -n "$since" ] && [ "$(started "$pid")" = "$since" ]
}
runs() { alive "$1/child" || alive "$1/supervisor"; }
nap() { sleep 0.05 2>/dev/null || sleep 1; }
now() { date +%s; }
# A program must outlive this script and the terminal, and be the first of a group that can be ended as a whole.
in_session() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"
}
# Ends copies by their names at the same time, each within the time that its server has for that.
stop_copies() {
  stopping=
  for name in "$@"; do
    stop_seconds=5
    if [ -d "$data/servers/${name%%.*}" ]; then about "${name%%.*}"; fi
    sh "$instance/stop.sh" "$instance/copies/$name" "$stop_seconds" &
    stopping="$stopping $!"
  done
  # shellcheck disable=SC2086 # These are numbers.
  [ -z "$stopping" ] || wait $stopping
}
