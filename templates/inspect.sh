#!/bin/sh
# Prints one line a program of an instance: name, supervisor's pid and start, program's pid and start, restarts, last exit
# code, resident KiB of its group. A dash stands for what is not there.
# usage: inspect.sh FOLDER...

# The start time tells a process from a later one with the same pid. A zombie has ended.
started() {
  if [ -d /proc/self ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
  else ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}
identity() {
  pid=-
  start=-
  if [ -r "$1" ]; then
    read -r found since <"$1"
    if [ -n "$since" ] && [ "$(started "$found")" = "$since" ]; then pid=$found; start=$since; fi
  fi
}
table=$(ps -eo pgid=,rss= 2>/dev/null)
for folder in "$@"; do
  identity "$folder/supervisor"
  supervisor="$pid $start"
  # A program whose supervisor was killed is still in its group.
  group=-
  [ -r "$folder/supervisor" ] && read -r group _ <"$folder/supervisor"
  identity "$folder/child"
  restarts=0
  last=-
  if [ -s "$folder/restarts" ]; then
    restarts=$(grep -vc ' gave-up$' "$folder/restarts")
    last=$(tail -n 1 "$folder/restarts" | cut -d' ' -f2)
  fi
  rss=$(echo "$table" | awk -v group="$group" '$1 == group {sum += $2} END {print sum + 0}')
  echo "$(basename "$folder") $supervisor $pid $start $restarts $last $rss"
done
