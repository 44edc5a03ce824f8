#!/bin/sh
# Ends one program of an instance: asks, waits, and ends the whole process group when the time is over.
# usage: stop.sh FOLDER GRACE_SECONDS
umask 077
folder=$1
grace=$2

# @started@
lives() { [ -n "$1" ] && [ "$(started "$1")" = "$2" ]; }
# Most programs end at once, and requests may be waiting for it: the first looks come quickly.
quick=25
nap() {
  if [ "$quick" -gt 0 ]; then
    quick=$((quick - 1))
    sleep 0.008
  else
    tenths=$((tenths - 1))
    sleep 0.1
  fi
}
# Who would end a copy later, because it is on standby, needs not any more (see standby.sh).
if [ -e "$folder/standby" ] || [ -e "$folder/standby.back" ]; then
  mv "$folder/standby" "$folder/standby.back" 2>/dev/null
  { read -r other began <"$folder/standby.back"; } 2>/dev/null && lives "$other" "$began" && kill -TERM "$other" 2>/dev/null
  rm -f "$folder/standby.back"
fi
# Its standby is over and it is being ended: by one at a time, since who is late would take away what the next start writes.
if { read -r other began <"$folder/standby.over"; } 2>/dev/null && [ "$other" != $$ ]; then
  tenths=$(((grace + 1) * 10))
  while [ "$tenths" -gt 0 ] && lives "$other" "$began"; do nap; done
  # It has given the program as much time as we would have.
  if lives "$other" "$began"; then
    kill -KILL "$other" 2>/dev/null
    grace=0
  fi
fi
if [ ! -r "$folder/supervisor" ]; then
  rm -f "$folder/standby.over"
  exit 0
fi
read -r pid start <"$folder/supervisor"
child=
since=
[ -r "$folder/child" ] && read -r child since <"$folder/child"
# A program that was adopted stays in the group of a supervisor that had ended.
group=$pid
[ -r "$folder/group" ] && read -r group <"$folder/group"
quick=25

# A zombie with other threads (l) still holds files and ports: whoever starts next on its port would not get it.
members() { ps -eo pgid=,stat= | awk -v group="$pid" -v other="$group" '($1 == group || $1 == other) && ($2 !~ /^Z/ || $2 ~ /l/)' | grep -c .; }

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
  if [ "$group" != "$pid" ] && [ -z "$(started "$group")" ]; then kill -KILL "-$group" 2>/dev/null; else group=$pid; fi
  tenths=20
  quick=25
  # Where there is no such group any more, nobody needs to be asked for its members.
  while [ "$tenths" -gt 0 ] && { kill -0 "-$pid" || kill -0 "-$group"; } 2>/dev/null && [ "$(members)" -gt 0 ]; do nap; done
fi
rm -f "$folder/supervisor" "$folder/child" "$folder/group" "$folder/next" "$folder/standby.over"
exit 0
