#!/bin/sh
# Keeps one program of an instance running: starts it again when it ends, and writes down how often and why.
# usage: supervise.sh FOLDER OPEN_FILES COMMAND...      (in a session of its own, so that its group can be ended)
# Says "started" on standard output and closes it, once it can be found. Files in FOLDER: supervisor (its pid and start
# time; stop.sh removes it), child (the program's), restarts (one line an end), log.
folder=$1
# Every sh that Seaworthy meets knows -n, POSIX does not. Where the machine allows less, that stays.
# shellcheck disable=SC3045
ulimit -n "$2" 2>/dev/null
shift 2

# The start time tells this process from a later one with the same pid. A zombie has ended.
started() {
  if [ -d /proc/self ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
  else ps -o lstart= -p "$1" | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}

# Started twice, as after a kill in the middle of a change, it must not run twice.
if [ -r "$folder/supervisor" ]; then
  read -r other since <"$folder/supervisor"
  if [ "$(started "$other" 2>/dev/null)" = "$since" ]; then exit 0; fi
fi

child=
stopping=
trap 'stopping=1; if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; fi' TERM INT
trap '' HUP
: >"$folder/restarts" || exit 1
echo "$$ $(started $$)" >"$folder/supervisor.new" && mv "$folder/supervisor.new" "$folder/supervisor" || exit 1
echo started
exec >/dev/null
quick=0
while [ -z "$stopping" ]; do
  began=$(date +%s)
  "$@" >>"$folder/log" 2>&1 </dev/null &
  child=$!
  # A signal that came in between did not know whom to tell.
  [ -n "$stopping" ] && kill -TERM "$child" 2>/dev/null
  echo "$child $(started $child)" >"$folder/child.new" && mv "$folder/child.new" "$folder/child"
  wait "$child"
  code=$?
  # A trapped signal ends wait early; the program is still to be waited for.
  while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
  child=
  rm -f "$folder/child"
  [ -n "$stopping" ] && break
  now=$(date +%s)
  echo "$now $code" >>"$folder/restarts"
  if [ $((now - began)) -lt 5 ]; then quick=$((quick + 1)); else quick=0; fi
  # Ten quick ends in a row: it will not come up by trying again.
  if [ "$quick" -ge 10 ]; then echo "$now gave-up" >>"$folder/restarts"; break; fi
  # In the background, since a trap waits for the end of a program in the foreground.
  sleep $((quick > 4 ? 4 : quick > 1 ? quick - 1 : 0)) &
  wait $!
done
