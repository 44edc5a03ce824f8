#!/bin/sh
# Ends a copy that takes no traffic any more when its time on standby is over, unless it was taken back before.
# usage: standby.sh FOLDER SECONDS GRACE_SECONDS      (in a session of its own)
# Says "started" on standard output and closes it, once it can be found. File in FOLDER: standby (its pid and start time).
# Whoever takes the copy back (supervise.sh) or ends it (stop.sh) renames that file, and so does this when the time is over:
# of several, one rename succeeds, and that decides.
umask 077
folder=$1
seconds=$2
grace=$3

# @started@

# What does not run needs nobody to end it.
[ -r "$folder/supervisor" ] || exit 0
read -r other since <"$folder/supervisor"
if [ "$(started "$other")" != "$since" ]; then exit 0; fi
# Begun twice, as after a kill in the middle of a finish: the later one counts.
if [ -e "$folder/standby" ] && mv "$folder/standby" "$folder/standby.back" 2>/dev/null; then
  read -r other since <"$folder/standby.back"
  if [ "$(started "$other")" = "$since" ]; then kill -TERM "$other" 2>/dev/null; fi
  rm -f "$folder/standby.back"
fi

sleeping=
trap 'if [ -n "$sleeping" ]; then kill "$sleeping" 2>/dev/null; fi; exit 0' TERM INT
trap '' HUP
# Who asked for it may be gone when it says that it started, and the copy needs an end all the same.
trap '' PIPE
# Before it is found, so that who finds it can end both.
sleep "$seconds" >/dev/null 2>&1 &
sleeping=$!
if ! { echo "$$ $(started $$)" >"$folder/standby.new" && mv "$folder/standby.new" "$folder/standby"; }; then
  kill "$sleeping" 2>/dev/null
  exit 1
fi
echo started 2>/dev/null
exec >/dev/null
wait "$sleeping"
# A file that names another is not ours to rename.
{ read -r own _ <"$folder/standby"; } 2>/dev/null || exit 0
if [ "$own" != "$$" ] || ! mv "$folder/standby" "$folder/standby.over" 2>/dev/null; then exit 0; fi
trap - TERM INT
exec sh "${0%/*}/stop.sh" "$folder" "$grace"
