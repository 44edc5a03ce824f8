#!/bin/sh
# Asks every program of an extra copy that can tell its live memory. Prints one line each: pid, live bytes, resident bytes.
# usage: ask-memory.sh FOLDER
folder=$1/memory
asked=
for file in "$folder"/*; do
  pid=${file##*/}
  # Files are there before the program can be asked; what ended meanwhile is left out.
  read -r told _ <"$file" 2>/dev/null || continue
  kill -s USR2 "$pid" 2>/dev/null && asked="$asked $pid:$told"
done
for one in $asked; do
  pid=${one%:*}
  tries=200
  while [ "$tries" -gt 0 ]; do
    read -r told live resident <"$folder/$pid" 2>/dev/null
    [ "$told" != "${one#*:}" ] && { echo "$pid $live $resident"; break; }
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.03
    tries=$((tries - 1))
  done
done
