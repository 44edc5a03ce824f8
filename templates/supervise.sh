#!/bin/sh
# Keeps one program of an instance running: starts it again when it ends, and writes down how often and why.
# usage: supervise.sh FOLDER OPEN_FILES MEMORY_MEGABYTES STOP_SECONDS LOG_MEGABYTES LOG_FILES STATE HOME READ WRITE COMMAND...
# (STATE and what follows are for isolate.sh; an empty STATE: the program is not isolated)
# (in a session of its own, so that its group can be ended; 0 megabytes: no limit)
# Says "started" on standard output and closes it, once it can be found. Files in FOLDER: supervisor (its pid and start
# time; stop.sh removes it), child (the program's), restarts (one line an end: when, and its exit code or a word), log,
# over (the megabytes for which the program is being ended), next (while it pauses: the second of the next try), group (the
# process group of a program that was adopted), log.1 and so on (what was rotated, the newest first), rotated (of the last
# rotation: its second, the bytes that were logged since the one before, and in how many seconds), unisolated (why the program is not isolated although it should be).
umask 077
folder=$1
# Every sh that Seaworthy meets knows -n, POSIX does not. Where the machine allows less, that stays.
# shellcheck disable=SC3045
ulimit -n "$2" 2>/dev/null
memory=$3
grace=$4
log_bytes=$(($5 * 1048576))
log_files=$6
state=$7
shift 7
deployer=$1
readable=$2
writable=$3
shift 3
# By this, stop.sh knows what the program started, wherever that went.
SEAWORTHY_INSTANCE=$folder/
export SEAWORTHY_INSTANCE
# Apart from what is written down about the program here.
mkdir -p "$folder/home" && cd "$folder/home" || exit 1

# @started@

# A copy on standby is taken back: nobody is to end it later. Who wants to end it now has renamed the file first (see
# standby.sh), and is let come to its end, so that the program starts over.
if [ -e "$folder/standby" ] || [ -e "$folder/standby.back" ]; then
  mv "$folder/standby" "$folder/standby.back" 2>/dev/null
  if { read -r other since <"$folder/standby.back"; } 2>/dev/null && [ "$(started "$other" 2>/dev/null)" = "$since" ]; then
    kill -TERM "$other" 2>/dev/null
  fi
  rm -f "$folder/standby.back"
fi
if [ -e "$folder/standby.over" ]; then sh "${0%/*}/stop.sh" "$folder" 2; fi

# Started twice, as after a kill in the middle of a change, it must not run twice.
if [ -r "$folder/supervisor" ]; then
  read -r other since <"$folder/supervisor"
  if [ "$(started "$other" 2>/dev/null)" = "$since" ]; then exit 0; fi
fi
# A supervisor that was killed may have left the program running. It is adopted, so that no call is lost, and stays in its
# group. Otherwise what is left of that group ends, since it may hold the port.
adopted=
child=
group=$$
if [ -r "$folder/supervisor" ]; then
  read -r left _ <"$folder/supervisor"
  [ ! -r "$folder/group" ] || read -r left <"$folder/group"
  if { read -r child since <"$folder/child"; } 2>/dev/null && [ -n "$since" ] && [ "$(started "$child")" = "$since" ]; then
    adopted=1
    group=$left
    echo "$group" >"$folder/group" || exit 1
  else
    child=
    # A process with that number is another one, and so is its group.
    if [ -n "$left" ] && [ -z "$(started "$left")" ]; then kill -KILL "-$left" 2>/dev/null; fi
    rm -f "$folder/group"
  fi
fi

# A limit of memory is kept by looking, since nothing else is there for every user on every machine: cgroups differ in their
# versions and are seldom handed to ordinary users, and a limit of the address space breaks V8, which reserves far more than
# it uses.
pace=5
page=
# Resident KiB of the program and of what it started, as far as that is in this group, so that what health/memory finds good
# (inspect.sh adds up the group) is never ended. With hundreds of servers, a look must not start a process. A child whose
# parent has ended is missed. Says no when the program has ended, or its supervisor was killed, so that it has another parent:
# nothing else would end the watch then.
measure() {
  if [ ! -r "/proc/$$/task/$$/children" ]; then
    resident=0
    [ "$memory" -eq 0 ] ||
      resident=$(ps -eo pgid=,rss= | awk -v group="$group" '$1 == group {sum += $2} END {print sum + 0}')
    kill -0 $$
    return
  fi
  pages=0
  parent=
  found=$1
  while [ -n "$found" ]; do
    look_at=$found
    found=
    for pid in $look_at; do
      { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
      # What stands before the last ) is its name; then follow state, parent and group, and as the 22nd its pages.
      # shellcheck disable=SC2086
      set -- ${stat##*) }
      : "${parent:=$2}"
      [ "$3" = "$group" ] || continue
      pages=$((pages + ${22:-0}))
      # Each thread has children of its own. Their list has no line end, so that read says no, and still reads it.
      for list in "/proc/$pid/task/"*/children; do
        children=
        { read -r children <"$list"; } 2>/dev/null
        found=$found${children:+ $children}
      done
    done
  done
  : "${page:=$(getconf PAGESIZE 2>/dev/null || echo 4096)}"
  resident=$((pages * (page / 1024)))
  [ -n "$parent" ] || return 1
  # An isolated one has the first process of its namespace as its parent.
  if [ -n "$adopted$state" ]; then kill -0 $$; else [ "$parent" = $$ ]; fi
}
# The program appends to its log, so that it goes on at the end of what is left when the file is cut. More than the limit is
# never kept of one, however much came since the last look.
rotate() {
  number=$log_files
  while [ "$number" -gt 1 ]; do
    if [ -e "$folder/log.$((number - 1))" ]; then mv -f "$folder/log.$((number - 1))" "$folder/log.$number"; fi
    number=$((number - 1))
  done
  if [ "$log_files" -gt 0 ]; then tail -c "$log_bytes" "$folder/log" | head -c "$log_bytes" >"$folder/log.1"; fi
  : >"$folder/log"
  now=$(date +%s)
  echo "$now $(($1 - log_from)) $((now - log_since))" >"$folder/rotated.new" && mv "$folder/rotated.new" "$folder/rotated"
  log_since=$now
  log_from=0
}
# How far the program has written is asked without starting a process; one that opened its log again is seen at every
# twelfth look. Says no as long as there is little to see.
look_at_log() {
  looks=$((looks + 1))
  written=$log_bytes
  { read -r _ written <"/proc/$1/fdinfo/1"; } 2>/dev/null
  grown=$((written - last_written))
  last_written=$written
  if [ "$written" -ge "$log_bytes" ] || [ $((looks % 12)) -eq 0 ]; then
    # What is read from a pipe has no size; some print blanks before it.
    size=$(($(wc -c <"$folder/log" 2>/dev/null || echo 0)))
    if [ "$size" -ge "$log_bytes" ]; then rotate "$size"; fi
  fi
  [ "$grown" -gt 1048576 ]
}
# The next look: a log that grows fast is looked at every second.
rest() {
  if [ -n "$fast" ]; then sleep 1; else sleep "$pace"; fi
}
# Two looks, so that a short peak ends nothing. It is told to end as by stop.sh, and killed if it does not; what it leaves in
# the group is for the supervisor, which alone knows when the next program starts.
watch() {
  over=
  fast=
  looks=0
  last_written=0
  seconds=0
  while rest && measure "$1"; do
    if look_at_log "$1"; then fast=1; else fast=; fi
    seconds=$((seconds + 1))
    if [ "$memory" -eq 0 ] || { [ -n "$fast" ] && [ $((seconds % 5)) -ne 0 ]; }; then continue; fi
    if [ "$resident" -le $((memory * 1024)) ]; then
      over=
    elif [ -z "$over" ]; then
      over=1
    else
      echo $(((resident + 1023) / 1024)) >"$folder/over"
      kill -TERM "$1"
      sleep "$grace"
      measure "$1" && kill -KILL "$1"
    fi
  done 2>/dev/null
}
# The children of a program that was ended for its memory may be what holds it.
end_remains() {
  for pid in $(ps -eo pid=,pgid= | awk -v group="$group" -v own=$$ '$2 == group && $1 != own {print $1}'); do
    kill -KILL "$pid" 2>/dev/null
  done
}

watcher=
stopping=
# Starts the program, and sets `child` to its pid and `awaited` to whom to wait for. Says no where it could not be isolated: it
# runs all the same at the next try, since who comes back at night needs a server more than a wall around it.
launch() {
  if [ -z "$state" ]; then
    # What the program itself shares outside of this environment is its own affair, and the same whoever starts it.
    { umask 022; exec "$@"; } >>"$folder/log" 2>&1 </dev/null &
    child=$!
    awaited=$child
    # A signal that came in between did not know whom to tell.
    [ -n "$stopping" ] && kill -TERM "$child" 2>/dev/null
    echo "$child $(started $child)" >"$folder/child.new" && mv "$folder/child.new" "$folder/child"
    return 0
  fi
  rm -f "$folder/child"
  unshare --user --map-root-user --mount --pid --fork --kill-child sh "${0%/*}/isolate.sh" "$folder" "$state" "$deployer" \
    "$readable" "$writable" "$uid" "$gid" "$@" >>"$folder/log" 2>&1 </dev/null &
  awaited=$!
  # Not for ever: a mount may hang, as of a file server that is gone.
  looks=500
  until { read -r child _ <"$folder/child"; } 2>/dev/null; do
    child=
    looks=$((looks - 1))
    if [ -n "$stopping" ] || [ "$looks" -eq 0 ] || ! kill -0 "$awaited" 2>/dev/null; then break; fi
    sleep 0.01
  done
  if [ -z "$child" ] && { read -r child _ <"$folder/child"; } 2>/dev/null; then :; fi
  if [ -n "$child" ]; then
    [ -n "$stopping" ] && kill -TERM "$child" 2>/dev/null
    return 0
  fi
  # It does not pass a signal on before there is somebody to pass it on to.
  kill -KILL "$awaited" 2>/dev/null
  wait "$awaited" 2>/dev/null
  [ -z "$stopping" ] || return 0
  state=
  [ "$looks" -gt 0 ] || echo "seaworthy: to isolate it did not end within 5 seconds" >>"$folder/log"
  echo "seaworthy: not isolated, since this machine does not allow it; see the line before" >>"$folder/log"
  tail -n 2 "$folder/log" | head -n 1 >"$folder/unisolated"
  return 1
}
trap 'stopping=1; if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; fi' TERM INT
trap '' HUP
[ -n "$adopted" ] || : >"$folder/restarts" || exit 1
rm -f "$folder/over" "$folder/next" "$folder/unisolated"
uid=$(id -u)
gid=$(id -g)
log_since=$(date +%s)
log_from=$(($(wc -c <"$folder/log" 2>/dev/null || echo 0)))
echo "$$ $(started $$)" >"$folder/supervisor.new" && mv "$folder/supervisor.new" "$folder/supervisor" || exit 1
echo started
exec >/dev/null
quick=0
longest=300
long=10
while [ -z "$stopping" ]; do
  began=$(date +%s)
  if [ -z "$adopted" ]; then
    launch "$@" || continue
    [ -n "$child" ] || break
  fi
  # It may have been rotated under an earlier program of ours.
  if { read -r rotated_at _ <"$folder/rotated"; } 2>/dev/null && [ "$rotated_at" -gt "$log_since" ]; then
    log_since=$rotated_at
    log_from=0
  fi
  watch "$child" &
  watcher=$!
  if [ -n "$adopted" ]; then
    # Only a parent hears of an end, and of its exit code.
    while [ "$(started "$child")" = "$since" ]; do
      sleep 1 &
      wait $!
    done
    code=unseen
  else
    wait "$awaited"
    code=$?
    # A trapped signal ends wait early; the program is still to be waited for.
    while kill -0 "$awaited" 2>/dev/null; do wait "$awaited"; code=$?; done
  fi
  child=
  # A shell that was just forked may lose any other signal.
  [ -z "$watcher" ] || { kill -KILL "$watcher"; wait "$watcher"; } 2>/dev/null
  rm -f "$folder/child"
  [ -n "$stopping" ] && break
  now=$(date +%s)
  if [ -r "$folder/over" ]; then
    read -r megabytes <"$folder/over"
    rm -f "$folder/over"
    end_remains
    code=memory
    echo "seaworthy: $megabytes MB resident, over the limit of $memory MB: started again" >>"$folder/log"
  fi
  if [ -n "$adopted" ]; then
    adopted=
    group=$$
    rm -f "$folder/group"
  fi
  echo "$now $code" >>"$folder/restarts"
  if [ $((now - began)) -lt 5 ]; then quick=$((quick + 1)); else quick=0; fi
  # Ten quick ends in a row: what it lacks does not come by trying again at once, but it may come later.
  if [ "$quick" -ge 10 ]; then
    pause=$long
    long=$((long * 2 < longest ? long * 2 : longest))
  else
    pause=$((quick > 4 ? 4 : quick > 1 ? quick - 1 : 0))
    long=10
  fi
  [ "$pause" -eq 0 ] || echo $((now + pause)) >"$folder/next"
  # In the background, since a trap waits for the end of a program in the foreground.
  sleep "$pause" &
  wait $!
  rm -f "$folder/next"
done
