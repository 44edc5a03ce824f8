#!/bin/sh
# Puts the release beside which it lies live again, with what a bare machine has: no Node, no registry, no checkout.
# It looks first and does only what is still to be done, so it may be run again at any time, also after it was interrupted.
# usage: rollback.sh [--break-lock]
# Exit code 0: the release is live. 3: it is not, or not for sure; the last lines say what to do. 130: interrupted.
set -u
umask 077
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
writes=
mine=

# @parts@

break_lock=
writes=
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
  "choose another: sh ${here%/releases/*}/rollback.sh --list"
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

before_us=$(live_says release)
take_lock
look
if is_live; then
  say "release $(short "$release") is live already; nothing is to be done"
  check_health
  say "✓ release $(short "$release") is live at $url"
  exit 0
fi
say "release $(short "$release") is to be live again in $root"
[ -z "$before_us" ] || say "  now $(short "$before_us") is live"
grep -qs '^  "verified": {' "$root/records/$release.json" || say "  note: this release was never verified on live"
whole
collect_all
check_secrets
begin_change
put_files
restart_ingress=
if ! ingress_as_deployed; then restart_ingress='has other addresses than this release had'
elif ! has_its_code "$ingress"; then restart_ingress='was started from a release that is gone'; fi
if [ -n "$restart_ingress" ] && runs "$ingress"; then
  say "  the ingress $restart_ingress: it is started again"
  holds_lock
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
  say "  new traffic goes to release $(short "$release"); requests wait for those that are alone with their state:$held"
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
clear_own_mark
drain
apply_routes final
if [ -n "$foreign" ]; then
  # shellcheck disable=SC2086 # Names.
  stop_copies $foreign
  say "  ended the copies that are not of this release:$foreign"
fi
say "✓ release $(short "$release") is live at $url"
say "  what was there before is kept in $aside"
