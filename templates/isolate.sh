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
[ -d "$folder/host" ] || mkdir -p "$folder/host"
mount --rbind / "$folder/host" || fail "the file system cannot be bound"
exec 3<"$folder/host"
below() { case $1/ in "$2"/*) return 0 ;; esac; return 1; }

# Mounts are gathered in a table (fstab(5)) and made by one program, since each program that is started here is waited for.
mounts=
mount_all() {
  printf %s "$mounts" >"$old$folder/mounts" || fail "$folder cannot be written to"
  mounts=
  # -c: only the system can follow $old to where it leads.
  mount -c -a -T "$old$folder/mounts"
}
# In `coded`, as in such a table and in /proc: what would end a name is there by its octal number.
code() {
  coded=$1
  # shellcheck disable=SC1003 # A backslash it is.
  case $1 in *[\\\ \	]*) replace '\' '\134'; replace ' ' '\040'; replace '	' '\011' ;; esac
}
replace() {
  rest=$coded
  coded=
  while :; do
    case $rest in *"$1"*) ;; *) break ;; esac
    coded=$coded${rest%%"$1"*}$2
    rest=${rest#*"$1"}
  done
  coded=$coded$rest
}
# It takes files of ours alone, and no devices or programs of another user.
empty() {
  code "$1"
  mounts="${mounts}seaworthy $coded tmpfs nosuid,nodev,size=$2,mode=$3 0 0$newline"
}
# Shows a path again, as a mount of its own. What is not there is not missed.
show() {
  code "$1"
  if [ ! -d "$old$1" ]; then
    [ -e "$old$1" ] || return 0
    mkdir -p "${1%/*}" && { [ -e "$1" ] || : >"$1"; }
  fi
  mounts="$mounts$old$coded $coded none bind 0 0$newline"
}

code "$folder"
host=$coded/host
# What may be written to stays so when the rest becomes read-only.
written="$newline/tmp$newline/dev/shm$newline"
if below "$root" /tmp || below "$home" /tmp; then empty /tmp 64m 1777; else mounts="$old$coded/tmp /tmp none bind 0 0$newline"; fi
[ ! -d /dev/shm ] || empty /dev/shm 64m 1777
if [ "$home" != / ] && [ -d "$home" ] && ! below "$home" /tmp; then empty "$home" 1m 755; fi
if ! below "$root" /tmp && ! below "$root" "$home"; then empty "$root" 1m 755; fi
mount_all || fail "what is to be hidden cannot be hidden"
if below "$root" /tmp; then
  mkdir -p "$root"
  empty "$root" 1m 755
  mount_all || fail "$root cannot be hidden"
fi
# A mount that was taken for one that is there already is none.
[ ! -e "$folder" ] || fail "$root cannot be hidden"

readable="$root/releases$newline$read"
changeable="$folder/tmp$newline$folder/home$newline$state$newline$write"
# One path a line, whatever it holds.
set -f
IFS=$newline
missing=
for path in $readable $changeable; do
  if [ -d "$old$path" ] && [ ! -d "$path" ]; then missing=$missing$path$newline; fi
done
# shellcheck disable=SC2086 # Lines.
[ -z "$missing" ] || mkdir -p $missing || fail "what is hidden cannot be shown"
shown=$newline
for path in $readable; do
  show "$path"
  shown="$shown$coded$newline"
done
for path in $changeable; do
  show "$path"
  written="$written$coded$newline"
done
set +f
unset IFS
mount_all || fail "what is hidden cannot be shown"

# A file system that cannot be made read-only, since it lies out of reach by now, or is none of ours, is left; but / must be, and
# what is shown to be read. All other options of a mount stay, since only who made it may take one away.
mount -o remount,bind,ro / || fail "/ cannot be made read-only"
needed=
while read -r _ _ _ _ path options rest; do
  case $options in ro | ro,*) continue ;; esac
  case ${rest#*- } in
    proc\ * | sysfs\ * | cgroup* | devtmpfs\ * | devpts\ * | mqueue\ * | debugfs\ * | tracefs\ * | securityfs\ * | pstore\ *) continue ;;
    bpf\ * | configfs\ * | hugetlbfs\ * | efivarfs\ * | binfmt_misc\ * | fusectl\ * | autofs\ * | nsfs\ * | rpc_pipefs\ *) continue ;;
  esac
  if [ "$path" = / ] || below "$path" "$host"; then continue; fi
  case $written in *"$newline$path$newline"*) continue ;; esac
  line="seaworthy-read $path none remount,bind,ro${options#rw} 0 0$newline"
  mounts=$mounts$line
  case $shown in *"$newline$path$newline"*) needed=$needed$line ;; esac
done </proc/self/mountinfo
if ! mount_all 2>/dev/null; then
  mounts=$needed
  mount_all || fail "what is shown to be read cannot be made read-only"
fi

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
