#!/bin/sh
# Prints one line a process of one copy: pid, role (supervisor, program or child), state, resident KiB. A process belongs to
# a copy when its words or its environment name the copy's folder, so that one which left its group is found as well. What
# keeps the program and watches it is the supervisor too.
# usage: processes.sh FOLDER
folder=$1
program=-
supervisor=-
[ -r "$folder/child" ] && read -r program _ <"$folder/child"
[ -r "$folder/supervisor" ] && read -r supervisor _ <"$folder/supervisor"
# Nothing of the environment gets beyond awk.
ps axeww -o pid=,ppid=,stat=,rss=,command= | FOLDER=$folder awk -v own=$$ -v supervisor="$supervisor" -v program="$program" '
  !index($0, ENVIRON["FOLDER"]) || $1 == own || $2 == own {next}
  {
    line[++count] = $1 " " $3 " " $4
    pid[count] = $1
    parent[count] = $2
    sleeps[count] = $5 == "sleep"
    keeps[$1] = $1 == supervisor || index($0, "/supervise.sh " ENVIRON["FOLDER"] " ") || index($0, "/isolate.sh " ENVIRON["FOLDER"] " ")
  }
  END {
    for (number = 1; number <= count; number++) {
      ours = keeps[pid[number]] || sleeps[number] && keeps[parent[number]]
      split(line[number], part, " ")
      print part[1], (part[1] == program ? "program" : ours ? "supervisor" : "child"), part[2], part[3]
    }
  }'
