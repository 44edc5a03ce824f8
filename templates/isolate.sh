#!/bin/sh
# Starts the program of an instance where it sees no other process, and writes to its own folders only.
# usage: unshare --user --map-root-user --mount --pid --fork --kill-child isolate.sh FOLDER STATE HOME READ WRITE UID GID COMMAND...
# (HOME of whoever deploys is hidden, and so is the root of the environment; READ and WRITE: further paths, one a line)
# The first process of its namespaces. Writes `child` into FOLDER once all of that holds, right before the program starts;
# an end before that says that this machine cannot do it.
umask 077
folder=$1
state=$2
home=$3
read=$4
write=$5
uid=$6
gid=$7
shift 7
root=${folder%/instances/*}
newline='
'

fail() {
  echo "seaworthy: $*" >&2
  exit 1
}
# All that is there stays in reach by this, whatever is mounted over it from now on.
old=/proc/self/fd/3
{ mkdir -p "$folder/host" && mount --rbind / "$folder/host"; } || fail "the file system cannot be bound"
exec 3<"$folder/host"
# It takes files of ours alone, and no devices or programs of another user.
empty() { mount -t tmpfs -o "nosuid,nodev,size=$2,mode=$3" none "$1" || fail "$1 cannot be hidden"; }
below() { case $1/ in "$2"/*) return 0 ;; esac; return 1; }

# What may be written to stays so when the rest becomes read-only.
written=" $folder/host /tmp /dev/shm "
if below "$root" /tmp || below "$home" /tmp; then empty /tmp 64m 1777; else mount --bind "$folder/tmp" /tmp || fail "/tmp cannot be replaced"; fi
[ ! -d /dev/shm ] || empty /dev/shm 64m 1777
if [ "$home" != / ] && [ -d "$home" ]; then empty "$home" 1m 755; fi
if below "$root" /tmp; then mkdir -p "$root"; fi
if [ -d "$root" ]; then empty "$root" 1m 755; fi

# Shows a path again, as a mount of its own. What is not there is not missed.
show() {
  if [ ! -d "$old$1" ]; then
    [ -e "$old$1" ] || return 0
    mkdir -p "${1%/*}" && { [ -e "$1" ] || : >"$1"; }
  fi
  mount -c -o "$2" "$old$1" "$1" || fail "$1 cannot be shown"
}
readable="$root/releases$newline$read"
changeable="$folder/tmp$newline$folder/home$newline$state$newline$write"
# One path a line, whatever it holds.
set -f
IFS=$newline
missing=
for path in $readable $changeable; do
  if [ -d "$old$path" ] && [ ! -d "$path" ]; then missing=$missing$path$newline; fi
done
# All at once, since each program that is started here is waited for.
# shellcheck disable=SC2086 # Lines.
[ -z "$missing" ] || mkdir -p $missing || fail "what is hidden cannot be shown"
for path in $readable; do show "$path" bind,ro; done
for path in $changeable; do
  show "$path" bind
  written="$written$path "
done
set +f
unset IFS

# Paths hold blanks and other characters as octal numbers. A file system that cannot be made read-only, since it lies out of
# reach by now, or is none of ours, is left; but / must be.
mount -o remount,bind,ro / || fail "/ cannot be made read-only"
while read -r _ _ _ _ path options rest; do
  case $options in ro | ro,*) continue ;; esac
  case ${rest#*- } in
    proc\ * | sysfs\ * | cgroup* | devtmpfs\ * | devpts\ * | mqueue\ * | debugfs\ * | tracefs\ * | securityfs\ * | pstore\ *) continue ;;
    bpf\ * | configfs\ * | hugetlbfs\ * | efivarfs\ * | binfmt_misc\ * | fusectl\ * | autofs\ * | nsfs\ * | rpc_pipefs\ *) continue ;;
  esac
  case $path in *\\*) path=$(printf %b "$path") ;; esac
  if [ "$path" = / ] || below "$path" "$folder/host"; then continue; fi
  case $written in *" $path "*) continue ;; esac
  written="$written$path "
  mount -o remount,bind,ro "$path" 2>/dev/null
done </proc/self/mountinfo

trap 'kill -TERM "$program" 2>/dev/null' TERM INT
trap '' HUP
{
  # As the machine knows it: /proc is still that of the machine.
  { read -r stat </proc/self/stat; } && host=${stat%% *}
  # shellcheck disable=SC2086 # Words; the 20th after the name is when it began.
  set_began() { shift 19; began=$1; }
  # shellcheck disable=SC2086
  set_began ${stat##*) }
  mount -t proc -o nosuid,nodev,noexec none /proc || fail "/proc cannot be mounted"
  cd "$folder/home" || fail "$folder/home is not there"
  # The number is written down by the program to be, once it has a namespace in which it has no rights over this one.
  # shellcheck disable=SC2016 # For the shell within.
  exec unshare --user --map-user="$uid" --map-group="$gid" sh -c '
    child=/proc/self/fd/3$1/child
    echo "$2" >"$child.new" && mv "$child.new" "$child" || exit 1
    shift 2
    umask 022
    exec "$@" 3<&-' sh "$folder" "$host $began" "$@"
} &
program=$!
exec 3<&-
wait "$program"
code=$?
# A trapped signal ends wait early.
while kill -0 "$program" 2>/dev/null; do
  wait "$program"
  code=$?
done
exit "$code"
