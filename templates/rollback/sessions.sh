# Starts and ends programs in the same way as the target does.

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
