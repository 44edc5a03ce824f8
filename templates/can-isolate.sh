#!/bin/sh
# Prints why this machine cannot isolate the program of an instance; nothing where it can.
# usage: can-isolate.sh ISOLATE HOME      (the file of isolate.sh, and the home folder of whoever deploys)
place=$(mktemp -d) || exit 1
instance=$place/instances/probe
folder=$instance/copies/probe.a
mkdir -p "$folder/tmp" "$folder/home" "$instance/state"
# Its file may lie below what it hides.
isolate=$(cat "$1") || exit 1
said=$(unshare --user --map-root-user --mount --pid --fork --kill-child sh -c "$isolate" isolate.sh "$folder" "$instance/state" "$2" \
  "" "" "$(id -u)" "$(id -g)" true 2>&1 </dev/null) || printf '%s\n' "${said:-unshare failed without a message}" | tail -n 1
rm -rf "$place"
