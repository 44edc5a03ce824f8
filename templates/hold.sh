#!/bin/sh
# Holds every process of a server still, so that its state can be copied as of one moment, and lets them go on by itself.
# usage: hold.sh FILE SECONDS PREFIX      (in a session of its own; PREFIX begins the names of the folders of its copies)
# Says "started" on standard output and closes it, once all are held. FILE: its own pid and start time, and the pids that it
# holds, for let-go.sh. The seconds count from the beginning, whether or not whoever asked for it is still there.
file=$1
seconds=$2
prefix=$3

# @started@

held=
sleeping=
let_go() {
  for pid in $held; do kill -CONT "$pid" 2>/dev/null; done
  [ -z "$sleeping" ] || kill "$sleeping" 2>/dev/null
  rm -f "$file"
}
trap 'let_go; exit 0' TERM INT
trap '' HUP PIPE

# What is in the group of a supervisor, descends from one, or has the copy's folder among its words or in its environment, as
# long as it is not held. Supervisors only wait. What somebody else has stopped is not ours to let go.
# Nothing of the environment gets beyond awk.
found() {
  supervisors=
  for folder in "$prefix"*; do
    { read -r pid since <"$folder/supervisor"; } 2>/dev/null || continue
    if [ "$(started "$pid")" = "$since" ]; then supervisors="$supervisors $pid"; fi
  done
  ps axeww -o pid=,ppid=,pgid=,stat=,command= | PREFIX=$prefix awk -v own=$$ -v supervisors="$supervisors" '
    BEGIN { count = split(supervisors, list, " "); for (i = 1; i <= count; i++) root[list[i]] = 1 }
    { parent[$1] = $2; group[$1] = $3; state[$1] = $4; if (index($0, ENVIRON["PREFIX"])) named[$1] = 1 }
    END {
      for (pid in parent) {
        if (pid in root || state[pid] ~ /^[TtZ]/) continue
        mine = pid in named || group[pid] in root
        for (above = pid; above in parent && above != parent[above]; above = parent[above]) {
          if (above in root) mine = 1
          if (above == own) { mine = 0; break }
        }
        if (mine) print pid
      }
    }'
}

sleep "$seconds" >/dev/null 2>&1 &
sleeping=$!
# A process may start another one before it is held itself, and one that writes is held only when its write has ended.
rounds=10
while [ "$rounds" -gt 0 ]; do
  rounds=$((rounds - 1))
  more=$(found)
  [ -n "$more" ] || break
  for pid in $more; do
    case " $held " in *" $pid "*) ;; *) held="$held $pid" ;; esac
  done
  if ! { echo "$$ $(started $$)$held" >"$file.new" && mv "$file.new" "$file"; }; then
    let_go
    exit 1
  fi
  for pid in $more; do kill -STOP "$pid" 2>/dev/null; done
  sleep 0.02
done
echo started
exec >/dev/null
wait "$sleeping"
sleeping=
let_go
