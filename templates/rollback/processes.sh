# Finds, starts and ends programs in the same way as the target does.

# Sets `start` to when a process began, which tells it from a later one with the same pid; empty when it has ended, as a
# zombie has, but not one whose other threads (the 18th field) still hold its files and ports. Nothing is started for it where
# the kernel tells, since it is asked often.
started() {
  start=
  if [ -d /proc/self ]; then
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    # The name of the program stands in parentheses and may hold anything.
    # shellcheck disable=SC2086 # Words.
    set -- ${line##*") "}
    if [ "$1" != Z ] || [ "${18}" -gt 1 ]; then start=${20}; fi
  else start=$(ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'); fi
}
# Whether the process still lives that a file, child or supervisor, names; its number is then in `pid`.
alive() {
  { read -r pid since <"$1"; } 2>/dev/null || return 1
  [ -n "$since" ] && started "$pid" && [ "$start" = "$since" ]
}
runs() { alive "$1/child" || alive "$1/supervisor"; }
now() { date +%s; }
# A program must outlive this script and the terminal, and be the first of a group that can be ended as a whole.
in_session() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"
}
# Ends copies by their names at the same time, each within the time that its server has for that.
stop_copies() {
  holds_lock
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
