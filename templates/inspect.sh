#!/bin/sh
# Prints one line a program of an instance: name, supervisor's pid and start, program's pid and start, restarts, last exit
# code, resident KiB of its group, state of the program and of the supervisor (T: halted by SIGSTOP), second of the next try
# while the supervisor pauses, "open" where it could not be isolated. A dash stands for what is not there.
# usage: inspect.sh FOLDER...      (hundreds of them: no process is started for one, two for all)

# The start time as supervise.sh writes it, without starting a process. A zombie has ended, but not one whose
# other threads (the 18th field) still hold its files and ports.
began_at() {
  began=
  if [ -d /proc/self ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    state=$1
    if [ "$1" != Z ] || [ "${18}" -gt 1 ]; then shift 19; began=$1; fi
  else
    began=$(ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}')
    state=$(ps -o stat= -p "$1" 2>/dev/null)
    state=${state%"${state#?}"}
  fi
}
identity() {
  pid=-
  start=-
  group=-
  state=-
  if [ -r "$1" ]; then
    read -r group since <"$1"
    began_at "$group"
    if [ -n "$since" ] && [ "$began" = "$since" ]; then pid=$group; start=$since; else state=-; fi
  fi
}
programs() {
  for folder in "$@"; do
    identity "$folder/child"
    child="$pid $start"
    of_program=$state
    # A program whose supervisor was killed is still in its group.
    identity "$folder/supervisor"
    [ ! -r "$folder/group" ] || read -r group <"$folder/group"
    next=
    [ ! -r "$folder/next" ] || read -r next <"$folder/next"
    restarts=0
    last=-
    if [ -s "$folder/restarts" ]; then
      while read -r _ code; do
        [ "$code" = gave-up ] || restarts=$((restarts + 1))
        last=$code
      done <"$folder/restarts"
    fi
    isolated=-
    [ ! -e "$folder/unisolated" ] || isolated=open
    rotated=
    [ ! -r "$folder/rotated" ] || read -r rotated bytes seconds <"$folder/rotated"
    echo "${folder##*/} $pid $start $child $restarts $last $group $of_program $state ${next:--} $isolated ${rotated:+$rotated/$bytes/$seconds}"
  done
}
{ ps -eo pgid=,rss= 2>/dev/null; programs "$@"; } | awk 'NF == 2 {rss[$1] += $2; next} {print $1, $2, $3, $4, $5, $6, $7, rss[$8] + 0, $9, $10, $11, $12, $13}'
