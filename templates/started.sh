# Prints when a process began, which tells it from a later one with the same pid; nothing when it has ended, as a zombie has,
# but not one whose other threads (the 18th field) still hold its files and ports. Nothing is started for it where the kernel
# tells, since requests may be waiting. A part of supervise.sh, stop.sh, standby.sh.
started() {
  if [ -d /proc/self ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    if [ "$1" != Z ] || [ "${18}" -gt 1 ]; then
      shift 19
      echo "$1"
    fi
  else ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}
