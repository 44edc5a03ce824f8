# Starts copies, waits until they answer, and goes back when they do not.

# Starts a copy of the server of `about` by the script in $1, which says how.
launch() {
  holds_lock
  mkdir -p "$folder/tmp" "$state" || fail "$folder could not be made: is the disk full?"
  printf '%s\n' "$port" | put "$folder/port" || exit 3
  rm -f "$folder/restarts"
  printf '%s' "$values" | in_session env -i PATH="$PATH" sh "$1" "$port" >/dev/null 2>&1 &
}
start_copies() {
  for server in "$@"; do
    about "$server"
    if [ -e "$folder/standby" ] && usable; then
      say "  $server: its copy $copy on standby is taken back, on port $port"
      launch "$data/servers/$server/start.sh"
      begun_here="$begun_here $server.$copy"
      continue
    fi
    if runs "$folder"; then
      case " $stranded " in
        *" $server "*) say "  $server: its copy $copy was started from a release that is gone; it is started again from this one" ;;
        *) say "  $server: its copy $copy runs but does not answer on port $port; it is ended and started again" ;;
      esac
      stop_copies "$server.$copy"
      about "$server"
    fi
    if taken "$port"; then
      was=$port
      choose_port
      say "  $server: port $was is in use by another program; it starts on port $port"
    else say "  $server: starts on port $port"; fi
    launch "$data/servers/$server/start.sh"
    begun_here="$begun_here $server.$copy"
  done
  wait_ready "$@"
}
# Waits until each listens and answers. Those that do not are in `failed`.
wait_ready() {
  pending=$*
  begin=$(now)
  while [ -n "$pending" ]; do
    still=
    for server in $pending; do
      about "$server"
      if ! on_standby && alive "$folder/child" && listens "$port" && answers; then say "  $server: answers on port $port"
      elif [ -r "$folder/restarts" ] && [ "$(grep -c '' "$folder/restarts")" -ge 2 ]; then
        say "✗ $server: ends by itself as soon as it starts"
        failed="$failed $server"
      elif [ $(($(now) - begin)) -gt "$startup_seconds" ]; then
        say "✗ $server: the deadline of $startup_seconds s passed before it answered on port $port"
        failed="$failed $server"
      else still="$still $server"; fi
    done
    pending=$still
    [ -z "$pending" ] || nap
  done
}
# What did not come up is ended again, and what served before serves on.
go_back() {
  for server in $failed; do
    about "$server"
    printf '  the last lines of %s/log:\n' "$folder"
    end_of_log "$folder" | sed 's/^/    /'
  done
  failed=
  # Two writers of one state must never be: ours ends before the other starts.
  if [ -n "$ended_here" ]; then
    for server in $held; do
      about "$server"
      stop_copies "$server.$copy"
    done
    start_old
  fi
  put_routes_back
  if [ -n "$failed" ]; then say "✗ these did not come up again, so their requests fail:$failed"; fi
  fail "release $(short "$release") could not be put back" \
    "read the log above; then run this again, or choose another release: sh $root/rollback.sh --list"
}
put_routes_back() {
  if [ -n "$switched" ]; then
    # Nothing served before, so what came up serves.
    [ -r "$aside/routes.json" ] || return 0
    version=$((version + 1))
    sed "s/^  \"version\": [0-9]*,/  \"version\": $version,/" "$aside/routes.json" | put "$ingress/routes.json" || exit 3
    applied "$(sed -n 's/^  "release": "\([0-9a-f]*\)".*/\1/p' "$aside/routes.json")" || say "✗ the ingress did not apply the earlier routes within 5 s"
  fi
  # shellcheck disable=SC2086 # Names.
  stop_copies $begun_here
  say "  the routes are as they were before"
}
# Copies that we ended to make room are started as their own release starts them.
start_old() {
  for name in $ended_here; do
    server=${name%%.*}
    for file in "$root"/releases/*/rollback/*/servers/"$server"/about.sh; do
      if grep -qsx "copy='${name#*.}'" "$file"; then
        # shellcheck source=/dev/null
        . "$file"
        if [ -r "$folder/port" ]; then read -r port <"$folder/port"; fi
        say "  $server: the copy $copy that served before starts again on port $port"
        launch "${file%about.sh}start.sh"
        begin=$(now)
        until { alive "$folder/child" && listens "$port" && answers; } || [ $(($(now) - begin)) -gt "$startup_seconds" ]; do nap; done
        alive "$folder/child" && continue 2
      fi
    done
    failed="$failed $server"
  done
}
