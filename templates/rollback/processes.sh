# Finds programs in the same way as the target does.

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
