# Reads what was left beside the release and what is there now.

# Reads what is known of a server of this release. A port that an earlier run of this script chose is with the copy.
about() {
  # shellcheck source=/dev/null
  . "$data/servers/$1/about.sh"
  if [ -r "$folder/port" ]; then read -r port <"$folder/port"; fi
}
# Lines `server id url state`, one a copy that may be called, of the routes that were there when we came.
routed() {
  awk -F '"' '
    /^    "[^"]*": \{$/ {server = $2}
    /^          "id": / {id = $4}
    /^          "url": / {url = $4}
    /^          "state": / && $4 != "ended" {print server, id, url, $4}
  ' "$ingress/routes.json" 2>/dev/null
}
version_in() { sed -n 's/^ *"version": \([0-9][0-9]*\),*$/\1/p' "$1" 2>/dev/null | head -n 1; }
# A copy of this release that needs nothing done: it runs, is kept running, listens and answers.
usable() { alive "$folder/supervisor" && alive "$folder/child" && listens "$port" && answers; }
# Whether all that the program in the folder $1 was started with is still there. It may have been started from an earlier release,
# whose folder is gone by now: then it runs, and cannot be started again when it ends.
has_its_code() {
  alive "$1/supervisor" || return 0
  absent=$({ tr '\000' '\n' <"/proc/$pid/cmdline" || ps -o command= -p "$pid" | tr ' ' '\n'; } 2>/dev/null |
    while read -r argument; do
      case $argument in "$root/releases/"*) [ -e "$argument" ] || echo "$argument" ;; esac
    done)
  [ -z "$absent" ]
}
# Whether the copy runs without traffic until somebody ends it, at a time that was set when it was replaced.
on_standby() { [ -e "$folder/standby" ] || [ -e "$folder/standby.over" ]; }
# What the lock says by that name, or a file like it.
held_by() { sed -n 's/.*"'"$1"'": *"\{0,1\}\([^",}]*\).*/\1/p' "${2:-$root/lock.json}" 2>/dev/null | head -n 1; }
