#!/bin/sh
# Prints why this machine cannot isolate the program of an instance; nothing where it can.
# usage: can-isolate.sh ISOLATE HOME ROOT      (the file of isolate.sh, the home folder of whoever deploys, the environment's root)
# In the root, since what a file system allows depends on how it is mounted.
mkdir -p "$3" && place=$(mktemp -d "$3/.isolation-XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
trap 'exit 1' TERM INT
instance=$place/instances/probe
folder=$instance/copies/probe.a
mkdir -p "$place/releases" "$folder/tmp" "$folder/home" "$instance/state"
# Its file may lie below what it hides.
isolate=$(cat "$1") || exit 1
said=$(unshare --user --map-root-user --mount --pid --fork --kill-child sh -c "$isolate" isolate.sh "$folder" "$instance/state" "$2" \
  "" "" "$(id -u)" "$(id -g)" true 2>&1 </dev/null) || printf '%s\n' "${said:-unshare failed without a message}" | tail -n 1
