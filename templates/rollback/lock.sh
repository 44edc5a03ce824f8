# One at a time: the lease that every run takes, asked before each change.

lease_seconds=60
token=
beats=0
beaten=
naps=0

# As it is written into a lock.
start_text() {
  if [ -d /proc/self ]; then
    started $$
    echo "$start"
  else ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//'; fi
}
# Whether the process $1 that began at $2 is still there.
lives() {
  [ -n "$1" ] && [ -n "$2" ] || return 1
  started "$1"
  [ "$start" = "$2" ]
}
# A number without a leading zero, which a shell would take for another one, and one that every shell can count on.
number() { case $1 in '' | 0* | *[!0-9]* | ????????????????*) echo 0 ;; *) echo "$1" ;; esac }
last_token() { number "$(cat "$root/lock.token" 2>/dev/null)"; }
# Greater than every one before, also than that of a lock that is left.
next_token() {
  token=$(last_token)
  left=$(number "$(held_by token)")
  [ "$left" -le "$token" ] || token=$left
  token=$((token + 1))
}
write_mine() {
  printf '{"run":"%s","purpose":"roll back by rollback.sh","user":"%s","host":"%s","pid":%s,"pidStart":"%s","since":"%s","token":%s,"leaseSeconds":%s}' \
    "$mine" "$(id -un)" "$(uname -n)" "$$" "$(start_text)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$token" "$lease_seconds" >"$lock.$$" ||
    fail "$root cannot be written: is the disk full?"
}
take_lock() {
  lock=$root/lock.json
  mine=rollback.sh-$(date -u +%Y%m%dT%H%M%SZ)-$$
  while :; do
    next_token
    write_mine
    # A link is made by one only, and has the whole text at once.
    if ln "$lock.$$" "$lock" 2>/dev/null; then break; fi
    if [ ! -e "$lock" ]; then
      if ln "$lock.$$" "$lock"; then break; fi
      rm -f "$lock.$$"
      fail "$lock cannot be made"
    fi
    judged=$(cat "$lock" 2>/dev/null)
    holder_gone
    if replace_holder; then break; fi
    nap
  done
  # Of two that came one right after the other, the second may have counted before the first had.
  if [ "$(last_token)" -ge "$token" ]; then
    next_token
    write_mine
    mv "$lock.$$" "$lock"
  fi
  rm -f "$lock.$$"
  printf '%s\n' "$token" >"$root/lock.token.$$" && mv "$root/lock.token.$$" "$root/lock.token"
  rm -f "$root"/lock.beat-*
  take_writes
  beat
}
# Everything is moved to its place from a folder of this lease. Those of earlier ones go first, so that who was stopped in the
# middle of a write changes nothing when it goes on.
take_writes() {
  writes=$root/lock.writes-$token
  mkdir -p "$writes" || fail "$writes could not be made: is the disk full?"
  for other in "$root"/lock.writes-*; do
    if [ "$other" = "$writes" ] || [ ! -e "$other" ]; then continue; fi
    mv "$other" "${other%.ended}.ended" 2>/dev/null
    rm -rf "${other%.ended}.ended"
  done
}
# Only one makes the file that is named after the holder, and only while that holder is still in the lock.
replace_holder() {
  of=$(held_by token)
  claim=$lock.after-$(held_by run | sed 's/[^A-Za-z0-9_.-]/_/g')-${of:-none}-$(held_by pid)
  if ln "$lock.$$" "$claim" 2>/dev/null; then
    replaced=
    if [ "$(cat "$lock" 2>/dev/null)" = "$judged" ] && mv "$lock.$$" "$lock"; then replaced=1; fi
    rm -f "$claim"
    [ -n "$replaced" ]
    return
  fi
  # One that died while it did the same, or that we were told not to wait for.
  if [ -n "$break_lock" ] || { [ "$(held_by host "$claim")" = "$(uname -n)" ] &&
    ! lives "$(held_by pid "$claim")" "$(begin_of "$claim")"; }; then rm -f "$claim"; fi
  return 1
}
begin_of() { held_by pidStart "$1" | awk '{$1 = $1; gsub(/ /, "_"); print}'; }
# Returns when nobody works under the lock that is there. Says who held it.
holder_gone() {
  holder=$(held_by pid)
  begun=$(begin_of "$lock")
  sign=$root/lock.beat-$(held_by token)
  worker=$(held_by pid "$sign")
  worker_begun=$(begin_of "$sign")
  who="run $(held_by run) of $(held_by user)@$(held_by host) (process $holder, since $(held_by since))"
  if [ -z "$(held_by run)" ]; then
    who="somebody whom $lock does not name"
  elif [ "$(held_by host)" = "$(uname -n)" ] && ! lives "$holder" "$begun"; then
    # Its last step sees that it is alone, and ends what it was doing.
    deadline=$(($(now) + 7))
    while lives "$worker" "$worker_begun" && [ "$(now)" -lt "$deadline" ]; do nap; done
    if ! lives "$worker" "$worker_begun"; then
      say "  the lock was left by $who, which has ended"
      return
    fi
  fi
  if [ -z "$break_lock" ]; then
    rm -f "$lock.$$"
    fail "$who is at work here, to $(held_by purpose)" \
      "wait until it has ended, or end it and go on: sh $here/rollback.sh --break-lock"
  fi
  say "  the lock is taken from $who, which wanted to $(held_by purpose)"
  [ "$(held_by host)" = "$(uname -n)" ] || return 0
  lives "$holder" "$begun" || return 0
  say "  process $holder is told to end, and ended if it does not within 10 s"
  kill -TERM "$holder" 2>/dev/null
  deadline=$(($(now) + 10))
  while lives "$holder" "$begun" && [ "$(now)" -lt "$deadline" ]; do nap; done
  if lives "$holder" "$begun"; then kill -KILL "$holder" 2>/dev/null; fi
  # Its step sees within a quarter of a second that it is gone, and ends; or before its next change that the lock is ours.
  sleep 1
}
# The sign of life of our lease.
beat() {
  beats=$((beats + 1))
  beaten=$(now)
  sign=$root/lock.beat-$token
  { printf '{"beat":%s,"at":"%s","pid":%s,"pidStart":"%s"}\n' "$beats" "$beaten" "$$" "$(start_text)" >"$sign.$$" &&
    mv "$sign.$$" "$sign"; } 2>/dev/null || rm -f "$sign.$$"
}
# Right before each change: whoever has the lock by now may be changing the same things.
holds_lock() {
  quiet=$(($(now) - beaten))
  if [ "$quiet" -ge 15 ] || [ "$quiet" -lt 0 ]; then beat; fi
  if [ "$(held_by run) $(held_by token)" = "$mine $token" ]; then
    if [ "$quiet" -lt "$lease_seconds" ] || [ ! -e "$lock.after-$mine-$token-$$" ]; then return; fi
  fi
  rm -f "$root/lock.beat-$token"
  beaten=
  fail "this run lost the lock, so it changes nothing more: run $(held_by run) of $(held_by user)@$(held_by host) has it, to $(held_by purpose)" \
    "see what that one does; then run this again: sh $here/rollback.sh"
}
# Waits a moment, and keeps the lease alive meanwhile.
nap() {
  sleep 0.05 2>/dev/null || sleep 1
  naps=$((naps + 1))
  if [ -n "$beaten" ] && [ $((naps % 40)) -eq 0 ]; then holds_lock; fi
}
give_lock_back() {
  if [ -n "$mine" ] && [ "$(held_by run)" = "$mine" ]; then rm -rf "$writes" && rm -f "$lock" "$root/lock.beat-$token"; fi
  rm -f "$root/lock.json.$$" "$root/lock.token.$$"
}
