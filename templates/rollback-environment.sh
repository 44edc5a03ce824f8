#!/bin/sh
# Goes back to the last verified release of this environment, with what a bare machine has: no Node, no registry, no checkout.
# It chooses, says why, and leaves the work to the script beside the chosen release, which may be run again at any time.
# usage: sh rollback.sh [--break-lock]                     go back
#        sh rollback.sh --list                             every release, and what became of it
#        sh rollback.sh DIGEST [--force] [--break-lock]    go to that release
# Exit code 0: the release is live. 2: nothing was changed. 3: it is not live, or not for sure. 130: interrupted.
set -u
PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin
LC_ALL=C
export PATH LC_ALL
root=$(cd "$(dirname "$0")" && pwd -P) || exit 2
newline='
'
aside=
self="sh $root/rollback.sh"

# @parts@

usage() {
  say "usage: $self                    go back to the last verified release"
  say "       $self --list             every release, and what became of it"
  say "       $self DIGEST [--force]   go to that release"
  say "       --break-lock  ends the run that holds the lock, then goes on"
}
# Says why nothing is done, then line by line what to do.
refuse() {
  say "✗ $1"
  shift
  for remedy in "$@"; do say "→ $remedy"; done
  exit 2
}

asked='' listing='' force='' break_lock=''
for argument in "$@"; do
  case $argument in
    --list) listing=1 ;;
    --force) force=1 ;;
    --break-lock) break_lock=--break-lock ;;
    -h | --help)
      usage
      exit 0
      ;;
    *[!0-9a-f]* | '')
      say "✗ $argument is not an option, nor the digest of a release"
      usage
      exit 2
      ;;
    *)
      if [ -n "$asked" ]; then refuse "two releases are named, $asked and $argument" "name one: $self --list shows them"; fi
      asked=$argument
      ;;
  esac
done

# The newest verified first.
known=$(known_releases | sort -t '|' -k 2,2nr -k 3,3r)
live=$(live_says release)
read_transition
if [ -n "$listing" ]; then
  list_releases
  exit 0
fi
if [ -n "$asked" ]; then
  choose_asked
else
  choose
  if [ -z "$goal" ]; then
    say "$why"
    refuse "there is no verified release to go back to; nothing was changed" \
      "see what there is: $self --list" "go to one of them by its digest: $self DIGEST"
  fi
  say "$why"
fi
exec sh "$root/releases/$(short "$goal")/rollback.sh" ${break_lock:+"$break_lock"}
