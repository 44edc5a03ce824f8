#!/bin/sh
# Ends one program of an instance: asks, waits, and ends the whole process group when the time is over; then everything else
# that the program started, wherever it went. Of a whole instance whose programs have ended it ends what they left behind.
# usage: stop.sh FOLDER GRACE_SECONDS
# Exit code 1: some of it still runs; standard error names it.
umask 077
folder=$1
grace=$2
# supervise.sh may have started this; what we start ourselves must not look as if the program had.
unset SEAWORTHY_INSTANCE
HOME=/
export HOME

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

# Processes that left the group, into a session of their own. One is ours when its environment holds the variable that
# supervise.sh sets, or the home of the program, since some pass on nothing else; or when it runs a program of a release in
# the folder that the program started in. A shell of a person who looks around here has none of these. A start that waits
# until this has ended is no stray.
strays() {
  case $folder in *"$newline"*) return ;; esac
  if [ ! -d /proc/self ]; then
    ps axeww -o pid=,command= | FOLDER=$folder/ SCRIPTS=${0%/*}/ awk '
      function has(text) {return index($0, " " text)}
      has(ENVIRON["SCRIPTS"] "supervise.sh ") || has(ENVIRON["SCRIPTS"] "stop.sh ") {next}
      has("SEAWORTHY_INSTANCE=" ENVIRON["FOLDER"]) || has("HOME=" ENVIRON["FOLDER"]) {print $1}'
    return
  fi
  {
    grep -lzsxF -e "${0%/*}/supervise.sh" -e "$0" /proc/[0-9]*/cmdline
    echo /
    grep -lsF -e "SEAWORTHY_INSTANCE=$folder/" -e "HOME=$folder/" /proc/[0-9]*/environ
    # shellcheck disable=SC2012 # All of them at once: readlink takes one on some machines.
    ls -ld /proc/[0-9]*/cwd /proc/[0-9]*/exe 2>/dev/null | FOLDER=$real/ RELEASES=${real%/instances/*}/releases/ awk '
      function leads(where) {return index($0, " -> " ENVIRON[where])}
      !match($0, "/proc/[0-9]+/") {next}
      {process = substr($0, RSTART, RLENGTH)}
      /\/cwd -> / && leads("FOLDER") {within[process] = 1}
      /\/exe -> / && leads("RELEASES") && within[process] {print process}'
  } | awk -F / '$0 == "/" {found = 1; next} !seen[$3]++ && found {print $3}'
}
end_strays() {
  real=$(cd "$folder" 2>/dev/null && pwd -P)
  : "${real:=$folder}"
  tenths=20
  quick=25
  while found=$(strays) && [ -n "$found" ]; do
    if [ "$tenths" -le 0 ]; then
      # shellcheck disable=SC2086 # Numbers.
      for pid in $found; do echo "still runs after SIGKILL: process $(ps -o pid=,comm= -p "$pid") of $folder" >&2; done
      exit 1
    fi
    # shellcheck disable=SC2086 # Numbers.
    kill -KILL $found 2>/dev/null
    nap
  done
}
newline='
'
if [ ! -r "$folder/supervisor" ]; then
  end_strays
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
# Before these files go: without them the next start waits for nobody, and it would be taken for a stray.
end_strays
rm -f "$folder/supervisor" "$folder/child" "$folder/group" "$folder/next" "$folder/standby.over"
exit 0
