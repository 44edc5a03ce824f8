# Replaces files in one move, and keeps what was there before.

# Replaces a file in one move by what comes on standard input.
put() {
  holds_lock
  part=$writes/${1##*/}.$$
  if cat >"$part" && mv "$part" "$1"; then return; fi
  # Whoever takes the lock over takes the folder away first, so that nothing is moved out of it any more.
  [ -d "$writes" ] || holds_lock
  rm -f "$part"
  fail "$1 could not be written: is the disk full?" "make room, then run this again"
}
# Takes a file away in one move.
take_away() {
  holds_lock
  if [ ! -e "$1" ] || mv "$1" "$writes/"; then return; fi
  [ -d "$writes" ] || holds_lock
  fail "$1 could not be taken away" "see who may write to $root, then run this again"
}
begin_change() {
  [ -z "$aside" ] || return 0
  folder_aside=$root/set-aside/$mine
  mkdir -p "$folder_aside" || fail "$folder_aside could not be made: is the disk full?" "make room, then run this again"
  aside=$folder_aside
  for file in "$root/live.json" "$root/transition.json" "$instance/instance.json" "$instance/standby.json" \
    "$ingress/routes.json"; do
    if [ -r "$file" ]; then cp -p "$file" "$aside/"; fi
  done
  # What is on standby serves soon, or ends by itself: nobody may end it by what this file says.
  take_away "$instance/standby.json"
}
put_files() {
  take_away "$instance/stopped.json"
  mkdir -p "$ingress"
  for name in supervise.sh isolate.sh stop.sh standby.sh inspect.sh; do
    # What an earlier version of Seaworthy left has fewer of them, and starts nothing that needs the others.
    if [ -r "$data/files/$name" ] && ! cmp -s "$data/files/$name" "$instance/$name"; then
      put "$instance/$name" <"$data/files/$name"
      chmod 700 "$instance/$name"
    fi
  done
}
# What the ingress reads only at its start; of a release it names only the first. Its names come with the routes.
addresses() {
  awk '/^  "(hosts|origins)": \[/ {names = 1}
    !names && !/^  "release"/
    /\]/ {names = 0}' "$1" 2>/dev/null
}
ingress_as_deployed() { [ "$(addresses "$data/files/config.json")" = "$(addresses "$ingress/config.json")" ]; }
write_records() {
  ports=
  for server in $servers; do
    about "$server"
    ports="${ports}s/@port:$server@/$port/g;"
  done
  sed "$ports" "$data/instance.json" | put "$instance/instance.json" || exit 3
  find_left
  mark_left
  since=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
  came_from=$left
  if [ "$before_us" = "$release" ]; then
    since=$(live_says since)
    came_from=${left:-$(live_says rolledBackFrom)}
  fi
  printf '{\n  "release": "%s",\n  "since": "%s",\n  "run": "%s"%s\n}\n' "$release" "$since" "$mine" \
    "${came_from:+,$newline  \"rolledBackFrom\": \"$came_from\"}" | put "$root/live.json" || exit 3
  if [ -e "$root/transition.json" ]; then
    take_away "$root/transition.json"
    say "  the change that was under way is called off; its description is kept in $aside"
  fi
  # It may have changed the state of some servers already; nothing of what it moved is lost.
  if [ -e "$root/restore.json" ]; then
    mv "$root/restore.json" "$root/restore" "$aside/"
    say "  a restore from a backup was under way: state is as far as it came, what it replaced is kept in $aside/restore/previous"
  fi
}
