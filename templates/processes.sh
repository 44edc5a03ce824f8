#!/bin/sh
# Prints one line a process of one copy: pid, role (supervisor, program or child), state, resident KiB. A process belongs to
# a copy when its words or its environment name the copy's folder, so that one which left its group is found as well.
# usage: processes.sh FOLDER
folder=$1
program=-
supervisor=-
[ -r "$folder/child" ] && read -r program _ <"$folder/child"
[ -r "$folder/supervisor" ] && read -r supervisor _ <"$folder/supervisor"
# Nothing of the environment gets beyond awk.
ps axeww -o pid=,ppid=,stat=,rss=,command= | FOLDER=$folder awk -v own=$$ -v supervisor="$supervisor" -v program="$program" '
  index($0, ENVIRON["FOLDER"]) && $1 != own && $2 != own {
    print $1, ($1 == supervisor ? "supervisor" : $1 == program ? "program" : "child"), $3, $4
  }'
