#!/bin/sh
# Ends one program of an instance: asks, waits, and ends the whole process group when the time is over.
# usage: stop.sh FOLDER GRACE_SECONDS
folder=$1
grace=$2
[ -r "$folder/supervisor" ] || exit 0
read -r pid start <"$folder/supervisor"
child=
since=
[ -r "$folder/child" ] && read -r child since <"$folder/child"

# The start time tells a process from a later one with the same pid. A zombie has ended.
started() {
  if [ -d /proc/self ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
  else ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}
lives() { [ -n "$1" ] && [ "$(started "$1")" = "$2" ]; }
# Most programs end at once, and requests may be waiting for it: the first looks come quickly.
quick=10
nap() {
  if [ "$quick" -gt 0 ]; then
    quick=$((quick - 1))
    sleep 0.02
  else
    tenths=$((tenths - 1))
    sleep 0.1
  fi
}
members() { ps -eo pgid=,stat= | awk -v group="$pid" '$1 == group && $2 !~ /^Z/' | grep -c .; }

# While a member of the group lives, its number is given to no other process. So a process that has the number and is not
# ours shows that nothing of ours is left, and must not be touched.
now=$(started "$pid")
if [ -z "$now" ] || [ "$now" = "$start" ]; then
  # The supervisor passes it on. Without one, the program is told itself.
  if lives "$pid" "$start"; then kill -TERM "$pid" 2>/dev/null
  elif lives "$child" "$since"; then kill -TERM "$child" 2>/dev/null; fi
  tenths=$((grace * 10))
  while [ "$tenths" -gt 0 ] && { lives "$pid" "$start" || lives "$child" "$since"; }; do
    nap
  done
  # What the program left behind is in its group. (dash and busybox do not take -- here.)
  kill -KILL "-$pid" 2>/dev/null
  tenths=20
  quick=10
  while [ "$tenths" -gt 0 ] && [ "$(members)" -gt 0 ]; do nap; done
fi
rm -f "$folder/supervisor" "$folder/child"
exit 0
