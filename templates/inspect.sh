#!/bin/sh
# Prints one line a program of an instance: name, supervisor's pid and start, program's pid and start, restarts, last exit
# code, resident KiB of its group. A dash stands for what is not there.
# usage: inspect.sh FOLDER...
started() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f1,20 | grep -v '^Z' | cut -d' ' -f2
  elif [ -d /proc/self ]; then :
  else ps -o lstart= -p "$1" 2>/dev/null | tr ' ' _; fi
}
identity() {
  pid=-
  start=-
  if [ -r "$1" ]; then
    read -r found since <"$1"
    if [ "$(started "$found")" = "$since" ]; then pid=$found; start=$since; fi
  fi
}
table=$(ps -eo pgid=,rss= 2>/dev/null)
for folder in "$@"; do
  identity "$folder/supervisor"
  supervisor="$pid $start"
  group=$pid
  identity "$folder/child"
  restarts=0
  last=-
  if [ -s "$folder/restarts" ]; then
    restarts=$(grep -c '' "$folder/restarts")
    last=$(tail -n 1 "$folder/restarts" | cut -d' ' -f2)
  fi
  rss=$(echo "$table" | awk -v group="$group" '$1 == group {sum += $2} END {print sum + 0}')
  echo "$(basename "$folder") $supervisor $pid $start $restarts $last $rss"
done
