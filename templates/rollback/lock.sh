# One at a time: the lock that every run takes.

# As it is written into a lock.
start_text() {
  if [ -d /proc/self ]; then
    started $$
    echo "$start"
  else ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//'; fi
}
# Whether the process `holder` is still the one that took the lock.
at_work() {
  started "$holder"
  [ -n "$begun" ] && [ "$start" = "$begun" ]
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
  if [ "$(held_by host)" = "$(uname -n)" ] && ! at_work; then
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
  while at_work && [ "$(now)" -lt "$deadline" ]; do nap; done
  if at_work; then kill -KILL "$holder" 2>/dev/null; fi
  # Its step sees within a quarter of a second that it is gone, and ends.
  sleep 1
}
give_lock_back() {
  if [ -n "$mine" ] && [ "$(held_by run)" = "$mine" ]; then rm -f "$lock"; fi
  rm -f "$root/lock.json.$$"
}
