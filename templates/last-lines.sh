#!/bin/sh
# Prints the last lines of a log, from its rotated files as well where it alone has fewer.
# usage: last-lines.sh LOG LINES
log=$1
wanted=$2
# Says why it cannot be read.
: <"$log" || exit 1
lines=$(wc -l <"$log")
number=0
while [ "$lines" -lt "$wanted" ] && [ -r "$log.$((number + 1))" ]; do
  number=$((number + 1))
  lines=$((lines + $(wc -l <"$log.$number")))
done
{
  while [ "$number" -gt 0 ]; do
    cat "$log.$number"
    number=$((number - 1))
  done
  cat "$log"
} | tail -n "$wanted"
