#!/bin/sh
# Lets the processes go on that hold.sh holds still, also where it was ended itself.
# usage: let-go.sh FILE
file=$1

# @started@

{ read -r holder since held <"$file"; } 2>/dev/null || exit 0
for pid in $held; do kill -CONT "$pid" 2>/dev/null; done
if [ "$(started "$holder")" = "$since" ]; then kill -TERM "$holder" 2>/dev/null; fi
rm -f "$file"
