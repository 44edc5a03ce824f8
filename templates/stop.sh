#!/bin/sh
# Ends one program of an instance: asks, waits, and ends the whole process group when the time is over.
# usage: stop.sh FOLDER GRACE_SECONDS
folder=$1
grace=$2
[ -r "$folder/supervisor" ] || exit 0
read -r pid start <"$folder/supervisor"

started() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20
  elif [ -d /proc/self ]; then :
  else ps -o lstart= -p "$1" 2>/dev/null; fi
}

# Another process may have the pid by now; only the one that we started is ended.
if [ "$(started "$pid")" = "$start" ]; then
  kill -TERM "$pid" 2>/dev/null
  tenths=$((grace * 10))
  while [ "$tenths" -gt 0 ] && [ "$(started "$pid")" = "$start" ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
fi
# What the program left behind is in its group. While a member lives, the group's number is given to no other process;
# so a process that has it and is not ours shows that the group is empty.
now=$(started "$pid")
if [ -z "$now" ] || [ "$now" = "$start" ]; then kill -KILL -- "-$pid" 2>/dev/null; fi
rm -f "$folder/supervisor" "$folder/child"
exit 0
