#!/bin/sh
# Puts the release beside which it lies live again, with what a bare machine has: no Node, no registry, no checkout.
# It looks first and does only what is still to be done, so it may be run again at any time, also after it was interrupted.
# usage: rollback.sh [--break-lock]
# Exit code 0: the release is live. 3: it is not, or not for sure; the last lines say what to do. 130: interrupted.
set -u
PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin
LC_ALL=C
export PATH LC_ALL
# What is asked here is on this machine.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

newline='
'
# What about.sh of the instance and of each server say; names of files and folders, ports, seconds.
root='' instance='' ingress='' release='' release_folder='' ingress_port='' ingress_address='' ingress_host='' url=''
batches='' ingress_required='' ingress_optional=''
copy='' folder='' state='' port='' program='' cutover='' endpoint='' health='' startup_seconds='' stop_seconds=''
required='' optional=''
here=$(cd "$(dirname "$0")" && pwd -P) || exit 3
data=$here/rollback/@data@
aside=
lock=
mine=

# --- Words

say() {
  printf '%s\n' "$*"
  if [ -n "$aside" ]; then printf '%s\n' "$*" >>"$aside/log"; fi
}
# Says what is wrong, then line by line what to do.
fail() {
  say "✗ $1"
  shift
  for remedy in "$@"; do say "→ $remedy"; done
  exit 3
}
short() { printf '%.12s' "$1"; }

# --- Processes

# The start time tells a process from a later one with the same pid. A zombie has ended.
started() {
  if [ -d /proc/self ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'
  else ps -o lstart= -p "$1" 2>/dev/null | awk '{$1 = $1; gsub(/ /, "_"); print}'; fi
}
# Whether the process still lives that a file, child or supervisor, names; its number is then in `pid`.
alive() {
  [ -r "$1" ] || return 1
  read -r pid since <"$1"
  [ -n "$since" ] && [ "$(started "$pid")" = "$since" ]
}
runs() { alive "$1/child" || alive "$1/supervisor"; }
nap() { sleep 0.05 2>/dev/null || sleep 1; }
now() { date +%s; }
# A program must outlive this script and the terminal, and be the first of a group that can be ended as a whole.
in_session() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"
}
# Ends copies by their names at the same time, each within the time that its server has for that.
stop_copies() {
  stopping=
  for name in "$@"; do
    stop_seconds=5
    if [ -d "$data/servers/${name%%.*}" ]; then about "${name%%.*}"; fi
    sh "$instance/stop.sh" "$instance/copies/$name" "$stop_seconds" &
    stopping="$stopping $!"
  done
  # shellcheck disable=SC2086 # These are numbers.
  [ -z "$stopping" ] || wait $stopping
}

# --- Ports

# Lines of the kernel's tables whose local port is $1 and whose state is like $2.
sockets() {
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F]+:[0-9A-F]+ $2 " /proc/net/tcp /proc/net/tcp6
}
listens() {
  if [ -r /proc/net/tcp ]; then sockets "$1" 0A
  elif command -v nc >/dev/null 2>&1; then nc -z 127.0.0.1 "$1" >/dev/null 2>&1
  elif [ "$asker" = curl ]; then
    curl -q -s -m 2 -o /dev/null "http://127.0.0.1:$1/"
    [ $? -ne 7 ]
  else sleep 2; fi
}
# A connection that is closed and only waits for late packets (06) is in nobody's way.
taken() {
  if [ -r /proc/net/tcp ]; then sockets "$1" '0[1-57-9A-F]'; else listens "$1"; fi
}
# Another port than `port`, which no server of this release was given and nothing uses.
choose_port() {
  port=$((20000 + $$ % 9000))
  while taken "$port" || grep -qx "port='$port'" "$data"/servers/*/about.sh || grep -qsx "$port" "$instance"/copies/*/port; do
    port=$((port + 1))
  done
}

# --- Asking

asker=
for program in curl wget; do
  if [ -z "$asker" ] && command -v "$program" >/dev/null 2>&1; then asker=$program; fi
done
once=
if [ "$asker" = wget ] && wget --version 2>/dev/null | grep -q GNU; then once='-t1 --no-proxy'; fi
# Whether the copy of `about` says anything at all; a server that hangs listens still.
answers() {
  case $asker in
    curl)
      code=$(curl -q -s -m 2 -o /dev/null -w '%{http_code}' -X POST -H 'content-type: application/json' -d '{}' \
        "http://127.0.0.1:$port$endpoint")
      [ "$code" != 000 ]
      ;;
    wget)
      # shellcheck disable=SC2086 # No flag, or two.
      [ -z "$health" ] || wget -q -T 2 $once -O /dev/null "http://127.0.0.1:$port$health" 2>/dev/null
      ;;
  esac
}
# Whether the ingress finds that server healthy: it makes a real call. What it says otherwise is in `detail`.
healthy() {
  case $asker in
    curl)
      detail=$(curl -q -s -k -m 6 -w '\nHTTP %{http_code}' -H "Host: $ingress_host" "$ingress_address/$1/health")
      case $detail in *'HTTP 200') return 0 ;; esac
      told=$(printf '%s\n' "$detail" | sed -n 's/.*"detail":"\([^"]*\)".*/\1/p')
      detail=${told:-no answer}
      return 1
      ;;
    wget)
      detail='no good answer'
      insecure=
      case $ingress_address in https:*) insecure=--no-check-certificate ;; esac
      # shellcheck disable=SC2086 # No flag, or some.
      wget -q -T 6 $once $insecure --header "Host: $ingress_host" -O /dev/null "$ingress_address/$1/health" 2>/dev/null
      ;;
  esac
}

# --- What is known

# Reads what is known of a server of this release. A port that an earlier run of this script chose is with the copy.
about() {
  # shellcheck source=/dev/null
  . "$data/servers/$1/about.sh"
  if [ -r "$folder/port" ]; then read -r port <"$folder/port"; fi
}
# Lines `server id url state`, one a copy, of the routes that were there when we came.
routed() {
  awk -F '"' '
    /^    "[^"]*": \{$/ {server = $2}
    /^          "id": / {id = $4}
    /^          "url": / {url = $4}
    /^          "state": / {print server, id, url, $4}
  ' "$ingress/routes.json" 2>/dev/null
}
version_in() { sed -n 's/^ *"version": \([0-9][0-9]*\),*$/\1/p' "$1" 2>/dev/null | head -n 1; }
# A copy of this release that needs nothing done: it runs, is kept running, listens and answers.
usable() { alive "$folder/supervisor" && alive "$folder/child" && listens "$port" && answers; }
held_by() { sed -n 's/.*"'"$1"'": *"\{0,1\}\([^",}]*\).*/\1/p' "$root/lock.json" 2>/dev/null | head -n 1; }

# --- The lock of the environment

start_text() {
  if [ -d /proc/self ]; then started $$; else ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//'; fi
}
take_lock() {
  lock=$root/lock.json
  mine=rollback.sh-$(date -u +%Y%m%dT%H%M%SZ)-$$
  printf '{"run":"%s","purpose":"roll back by rollback.sh","user":"%s","host":"%s","pid":%s,"pidStart":"%s","since":"%s"}' \
    "$mine" "$(id -un)" "$(uname -n)" "$$" "$(start_text)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$lock.$$" ||
    fail "$root cannot be written: is the disk full?"
  # A link is made by one only, and has the whole text at once.
  until ln "$lock.$$" "$lock" 2>/dev/null; do
    if [ ! -e "$lock" ]; then
      if ln "$lock.$$" "$lock"; then break; fi
      rm -f "$lock.$$"
      fail "$lock cannot be made"
    fi
    judged=$(cat "$lock" 2>/dev/null)
    holder_gone
    # Another one may have taken it over at the same moment.
    mv "$lock" "$lock.$$.left" 2>/dev/null || continue
    [ "$(cat "$lock.$$.left")" = "$judged" ] || ln "$lock.$$.left" "$lock" 2>/dev/null
    rm -f "$lock.$$.left"
  done
  rm -f "$lock.$$"
}
# Returns when nobody works under the lock that is there. Says who held it.
holder_gone() {
  holder=$(held_by pid)
  who="run $(held_by run) of $(held_by user)@$(held_by host) (process $holder, since $(held_by since))"
  begun=$(held_by pidStart | awk '{$1 = $1; gsub(/ /, "_"); print}')
  if [ "$(held_by host)" = "$(uname -n)" ] && { [ -z "$begun" ] || [ "$(started "$holder")" != "$begun" ]; }; then
    say "  the lock was left by $who, which has ended"
    return
  fi
  if [ -z "$break_lock" ]; then
    rm -f "$lock.$$"
    fail "$who is at work here, to $(held_by purpose)" \
      "wait until it has ended, or end it and go on: sh $here/rollback.sh --break-lock"
  fi
  say "  the lock is taken from $who, which wanted to $(held_by purpose)"
  [ "$(held_by host)" = "$(uname -n)" ] || return 0
  say "  process $holder is told to end, and ended if it does not within 10 s"
  kill -TERM "$holder" 2>/dev/null
  deadline=$(($(now) + 10))
  while [ "$(started "$holder")" = "$begun" ] && [ "$(now)" -lt "$deadline" ]; do nap; done
  if [ "$(started "$holder")" = "$begun" ]; then kill -KILL "$holder" 2>/dev/null; fi
  # Its step sees within a quarter of a second that it is gone, and ends.
  sleep 1
}
give_lock_back() {
  if [ -n "$mine" ] && [ "$(held_by run)" = "$mine" ]; then rm -f "$lock"; fi
  rm -f "$root/lock.json.$$"
}

# --- Secrets: only in memory and in pipes

values=
collected=' '
# Takes a secret from our environment, or from that of a copy that runs.
collect() {
  case $collected in *" $1 "*) return ;; esac
  if eval "[ -n \"\${$1+set}\" ]"; then
    eval "value=\$$1"
  else
    value=x
    for one in $running; do
      # Values may have several lines.
      value=$(tr 2>/dev/null '\000\n' '\n\001' <"/proc/$one/environ" | sed -n "s/^$1=//p" | tr '\001' '\n' && printf x)
      if [ "$value" != x ]; then break; fi
    done
    if [ "$value" = x ]; then return; fi
    value=${value%x}
    value=${value%"$newline"}
    say "  the secret $1 is not in this environment; a copy that runs has it"
  fi
  text=$(printf '%sx\n' "$value" | sed "s/'/'\\\\''/g")
  values="$values$1='${text%x}'$newline"
  collected="$collected$1 "
}
collect_all() {
  running=
  for file in "$instance"/copies/*/child "$instance"/copies/*/supervisor "$ingress/child"; do
    if alive "$file"; then running="$running $pid"; fi
  done
  for server in $servers; do
    about "$server"
    for name in $required $optional; do collect "$name"; done
  done
  for name in $ingress_required $ingress_optional; do collect "$name"; done
}
missing_of() {
  missing=
  for name in "$@"; do
    case $collected in *" $name "*) ;; *) missing="$missing $name" ;; esac
  done
}
# Before anything is changed: without these it would stop half way.
check_secrets() {
  lacking=
  for server in $to_start; do
    about "$server"
    # shellcheck disable=SC2086 # Names.
    missing_of $required
    for name in $missing; do
      lacking="$lacking $name"
      say "✗ $server needs the secret $name: it is not in this environment, and no copy that runs has it"
    done
  done
  if ! runs "$ingress"; then
    # shellcheck disable=SC2086 # Names.
    missing_of $ingress_required
    for name in $missing; do
      lacking="$lacking $name"
      say "✗ the ingress needs the secret $name to ask after health"
    done
  fi
  [ -z "$lacking" ] && return
  # shellcheck disable=SC2086 # Names.
  set -- $lacking
  fail "nothing was changed" \
    "give it without leaving it in the history of the shell, then run this again:" \
    "  stty -echo; read -r $1; stty echo; export $1"
}

# --- Files

# Replaces a file in one move by what comes on standard input.
put() {
  if cat >"$1.$$" && mv "$1.$$" "$1"; then return; fi
  rm -f "$1.$$"
  fail "$1 could not be written: is the disk full?" "make room, then run this again"
}
begin_change() {
  [ -z "$aside" ] || return 0
  folder_aside=$root/set-aside/$mine
  mkdir -p "$folder_aside" || fail "$folder_aside could not be made: is the disk full?" "make room, then run this again"
  aside=$folder_aside
  for file in "$root/live.json" "$root/transition.json" "$instance/instance.json" "$ingress/routes.json"; do
    if [ -r "$file" ]; then cp -p "$file" "$aside/"; fi
  done
}
put_files() {
  mkdir -p "$ingress"
  for name in supervise.sh stop.sh inspect.sh; do
    if ! cmp -s "$data/files/$name" "$instance/$name"; then
      put "$instance/$name" <"$data/files/$name"
      chmod 755 "$instance/$name"
    fi
  done
}
# What the ingress reads only at its start; of a release it names only the first.
ingress_as_deployed() {
  [ "$(grep -v '"release"' "$data/files/config.json")" = "$(grep -v '"release"' "$ingress/config.json" 2>/dev/null)" ]
}
write_records() {
  ports=
  for server in $servers; do
    about "$server"
    ports="${ports}s/@port:$server@/$port/g;"
  done
  sed "$ports" "$data/instance.json" | put "$instance/instance.json" || exit 3
  printf '{\n  "release": "%s",\n  "since": "%s",\n  "run": "%s"\n}\n' \
    "$release" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$mine" | put "$root/live.json" || exit 3
  if [ -e "$root/transition.json" ]; then
    rm -f "$root/transition.json"
    say "  the change that was under way is called off; its description is kept in $aside"
  fi
}

# --- Routes

# Copies of a server of this release, as lines of JSON. Stage `switch`: ours takes new traffic, others drain, or all wait.
# `final`: ours alone.
copies() {
  lines=
  case " $held " in
    *" $1 "*) [ "$stage" != switch ] ;;
  esac && lines="$copy http://127.0.0.1:$port active"
  if [ "$stage" != final ]; then
    lines="$lines$newline$(printf '%s\n' "$old_routes" |
      awk -v server="$1" -v own="$copy" '$1 == server && $2 != own {print $2, $3, "draining"}')"
  fi
  printf '%s\n' "$lines" | awk '
    NF == 3 {
      printf "%s\n        {\n          \"id\": \"%s\",\n          \"url\": \"%s\",\n          \"state\": \"%s\"\n        }", \
        (count++ ? "," : "["), $1, $2, $3
    }
    END {print count ? "\n      ]," : "[],"}'
}
routes() {
  printf '{\n  "version": %s,\n  "release": "%s",\n  "servers": {\n' "$version" "$release"
  before=
  for server in $servers; do
    about "$server"
    printf '%s' "$before"
    before=",$newline"
    cat "$data/servers/$server/route.head"
    printf '      "copies": '
    copies "$server"
    waits=null
    case " $held " in
      *" $server "*) if [ "$stage" = switch ]; then waits=$(cat "$data/servers/$server/hold"); fi ;;
    esac
    printf '      "hold": %s,\n' "$waits"
    # The comma between servers follows without a new line.
    printf '%s' "$(cat "$data/servers/$server/route.tail")"
  done
  if [ "$stage" != final ]; then left_out; fi
  printf '\n  }\n}\n'
}
# Servers that this release does not have keep their calls until the end.
left_out() {
  for server in $(printf '%s\n' "$old_routes" | awk '!seen[$1]++ {print $1}'); do
    if [ ! -d "$data/servers/$server" ]; then
      printf ',\n%s' "$(awk -v head="    \"$server\": {" '
        $0 == head {inside = 1}
        inside {line = $0; sub(/^          "state": "active"/, "          \"state\": \"draining\"", line)}
        inside && /^    \},?$/ {print "    }"; exit}
        inside {print line}' "$aside/routes.json")"
    fi
  done
}
apply_routes() {
  stage=$1
  version=$((version + 1))
  routes | put "$ingress/routes.json" || exit 3
  start_ingress
  applied && return
  say "  the ingress runs, but did not apply its routes within 5 s; it is started anew"
  sh "$instance/stop.sh" "$ingress" 2
  start_ingress
  applied && return
  tail -n 8 "$ingress/log" 2>/dev/null
  fail "the ingress does not come up; every copy of every release goes on" \
    "see what it says: tail $ingress/log" \
    "if port $ingress_port is in use, end what uses it, then run this again: sh $here/rollback.sh"
}
start_ingress() {
  if runs "$ingress"; then return; fi
  say "  the ingress does not run: it starts on port $ingress_port"
  put "$ingress/config.json" <"$data/files/config.json"
  printf '%s' "$values" | in_session env -i PATH="$PATH" sh "$data/ingress/start.sh" "$ingress_port" >/dev/null 2>&1 &
  # Until its supervisor can be found.
  count=0
  until runs "$ingress" || [ "$count" -gt 40 ]; do
    nap
    count=$((count + 1))
  done
}
applied() {
  deadline=$(($(now) + 5))
  while [ "$(now)" -le "$deadline" ]; do
    seen=$(version_in "$ingress/status.json")
    if [ "${seen:-0}" -ge "$version" ]; then return 0; fi
    nap
  done
  return 1
}
# Calls in flight at copies that drain end first, within a second and a half; a server that hangs is not waited for longer.
drain() {
  count=0
  while [ "$count" -lt 20 ]; do
    left=$(awk '/"state": "draining"/ {draining = 1}
      draining && /"inFlight":/ {gsub(/[^0-9]/, ""); sum += $0; draining = 0}
      END {print sum + 0}' "$ingress/status.json" 2>/dev/null)
    if [ "${left:-0}" -eq 0 ]; then return; fi
    nap
    count=$((count + 1))
  done
  say "  $left calls were still in flight at the copies that end"
}

# --- Copies of this release

# Starts a copy of the server of `about` by the script in $1, which says how.
launch() {
  mkdir -p "$folder/tmp" "$state" || fail "$folder could not be made: is the disk full?"
  printf '%s\n' "$port" | put "$folder/port"
  rm -f "$folder/restarts"
  printf '%s' "$values" | in_session env -i PATH="$PATH" sh "$1" "$port" >/dev/null 2>&1 &
}
start_copies() {
  for server in "$@"; do
    about "$server"
    if runs "$folder"; then
      say "  $server: its copy $copy runs but does not answer on port $port; it is ended and started anew"
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
      if alive "$folder/child" && listens "$port" && answers; then say "  $server: answers on port $port"
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
    tail -n 8 "$folder/log" 2>/dev/null | sed 's/^/    /'
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
  others=
  for file in "$root"/releases/*/rollback.sh; do
    if [ "$file" != "$release_folder/rollback.sh" ] && [ -r "$file" ]; then others="$others${newline}  sh $file"; fi
  done
  fail "release $(short "$release") could not be put back" \
    "read the log above; then run this again, or put back another release:${others:-$newline  there is none}"
}
put_routes_back() {
  if [ -n "$switched" ]; then
    # Nothing served before, so what came up serves.
    [ -r "$aside/routes.json" ] || return 0
    version=$((version + 1))
    sed "s/^  \"version\": [0-9]*,/  \"version\": $version,/" "$aside/routes.json" | put "$ingress/routes.json" || exit 3
    applied || say "✗ the ingress did not apply the earlier routes within 5 s"
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

# --- What is done

look() {
  to_start=
  own=' '
  servers=$(printf '%s' "$batches" | tr '\n' ' ')
  for server in $servers; do
    about "$server"
    own="$own$server.$copy "
    if usable; then continue; fi
    to_start="$to_start $server"
  done
  foreign=
  held=
  for folder in "$instance"/copies/*/; do
    name=$(basename "$folder")
    case $own in *" $name "*) continue ;; esac
    if runs "${folder%/}"; then foreign="$foreign $name"; fi
  done
  for server in $servers; do
    about "$server"
    [ "$cutover" = recreate ] || continue
    case " $to_start $foreign" in *" $server "* | *" $server."*) held="$held $server" ;; esac
  done
  old_routes=$(routed)
  version=$(version_in "$ingress/routes.json")
  seen=$(version_in "$ingress/status.json")
  [ "${seen:-0}" -le "${version:-0}" ] || version=$seen
  version=${version:-0}
}
is_live() {
  [ -z "$to_start$foreign" ] && [ ! -e "$root/transition.json" ] && runs "$ingress" && ingress_as_deployed || return 1
  grep -qs "\"release\": \"$release\"" "$root/live.json" || return 1
  grep -qs "^ \"release\": \"$release\"" "$instance/instance.json" || return 1
  expected=
  for server in $servers; do
    about "$server"
    grep -qsF "copies/$server.$copy\"" "$instance/instance.json" || return 1
    expected="$expected$server $copy http://127.0.0.1:$port active$newline"
  done
  [ "$(printf '%s' "$expected" | sort)" = "$(printf '%s\n' "$old_routes" | sort)" ] && applied
}
# The copies that served before end only after these were seen to be well.
check_health() {
  if [ -z "$asker" ]; then
    say "  neither curl nor wget is here, so only that each server listens was checked: ask $url/health yourself"
    return
  fi
  deadline=$(($(now) + 12))
  for server in $servers; do
    until healthy "$server"; do
      [ "$(now)" -lt "$deadline" ] || unhealthy
      sleep 0.3 2>/dev/null || sleep 1
    done
    say "  $server: the ingress finds it healthy"
  done
}
unhealthy() {
  about "$server"
  fail "release $(short "$release") has the traffic, but the ingress does not find $server healthy: $detail" \
    "see what it says: tail $folder/log" \
    "${foreign:+the copies that served before are kept; }to put back another release, run the rollback.sh beside it: ls $root/releases/*/rollback.sh"
}
whole() {
  for server in $servers; do
    about "$server"
    [ -x "$program" ] || fail "this release is not whole: $program is missing" "put back another one: ls $root/releases/*/rollback.sh"
  done
}

break_lock=
for word in "$@"; do
  case $word in
    --break-lock) break_lock=1 ;;
    *)
      echo "usage: sh rollback.sh [--break-lock]"
      exit 3
      ;;
  esac
done
[ -r "$data/about.sh" ] || fail "$data is missing, so it is not known how this release was started" \
  "put back another one: ls $here/../*/rollback.sh"
# shellcheck source=/dev/null
. "$data/about.sh"
[ "$here" = "$(cd "$release_folder" 2>/dev/null && pwd -P)" ] ||
  fail "this release was deployed in $release_folder, and lies in $here now" "run it where it was deployed"
# shellcheck disable=SC2012 # The folder is ours, and a number is wanted.
owner=$(ls -dn "$root" | awk '{print $3}')
[ "$(id -u)" = "$owner" ] ||
  fail "the servers belong to user $owner, you are $(id -u); they would run as you" "sudo -u '#$owner' sh $here/rollback.sh"
command -v setsid >/dev/null 2>&1 || command -v perl >/dev/null 2>&1 ||
  fail "neither setsid nor perl is here, one of which is needed to start programs that go on" "install util-linux"

failed=
begun_here=
ended_here=
switched=
# The copies go on; what is half done is seen and finished by the next run.
interrupted() {
  say "✗ interrupted: run it again, it goes on where it was"
  exit 130
}
trap interrupted INT TERM
# A terminal that goes away must not end this half way.
trap : HUP PIPE
trap give_lock_back EXIT

take_lock
look
if is_live; then
  say "release $(short "$release") is live already; nothing is to be done"
  check_health
  say "✓ release $(short "$release") is live at $url"
  exit 0
fi
before_us=$(sed -n 's/.*"release": "\([0-9a-f]*\)".*/\1/p' "$root/live.json" 2>/dev/null)
say "release $(short "$release") is put back in $root"
[ -z "$before_us" ] || say "  live is $(short "$before_us") by now"
grep -qs '"verified"' "$root/records/$release.json" || say "  note: this release was never verified on live"
whole
collect_all
check_secrets
begin_change
put_files
if ! ingress_as_deployed && runs "$ingress"; then
  say "  the ingress has other addresses than this release had: it is started anew"
  sh "$instance/stop.sh" "$ingress" 2
fi

# Copies beside those that serve, in the order in which they depend on one another.
printf '%s\n' "$batches" >"$aside/batches"
while read -r batch; do
  due=
  for server in $batch; do
    case " $held " in *" $server "*) continue ;; esac
    case " $to_start " in *" $server "*) due="$due $server" ;; esac
  done
  # shellcheck disable=SC2086 # Names.
  [ -z "$due" ] || start_copies $due
  [ -z "$failed" ] || go_back
done <"$aside/batches"

# New traffic goes to them at once; the requests of servers that write their state alone wait.
apply_routes switch
switched=1
if [ -z "$held" ]; then say "✓ new traffic goes to release $(short "$release")"
else
  say "  requests wait for:$held"
  drain
  for name in $foreign; do
    case " $held " in *" ${name%%.*} "*) ended_here="$ended_here $name" ;; esac
  done
  # shellcheck disable=SC2086 # Names.
  stop_copies $ended_here
  while read -r batch; do
    due=
    for server in $batch; do
      case " $held " in *" $server "*) ;; *) continue ;; esac
      case " $to_start " in *" $server "*) due="$due $server" ;; esac
    done
    # shellcheck disable=SC2086 # Names.
    [ -z "$due" ] || start_copies $due
    [ -z "$failed" ] || go_back
  done <"$aside/batches"
  apply_routes release
  say "✓ all traffic goes to release $(short "$release")"
fi
write_records
check_health
drain
apply_routes final
if [ -n "$foreign" ]; then
  # shellcheck disable=SC2086 # Names.
  stop_copies $foreign
  say "  ended the copies that are not of this release:$foreign"
fi
say "✓ release $(short "$release") is live at $url"
say "  what was there before is kept in $aside"
