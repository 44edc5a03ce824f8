# Hands routes to the ingress, starts it where it does not run, and waits until it has applied them.

apply_routes() {
  stage=$1
  version=$((version + 1))
  routes | put "$ingress/routes.json" || exit 3
  start_ingress
  applied "$release" && return
  say "  the ingress runs, but did not apply its routes within 5 s; it is restarted"
  holds_lock
  sh "$instance/stop.sh" "$ingress" 2
  start_ingress
  applied "$release" && return
  end_of_log "$ingress"
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
# Whether the ingress has applied these very routes, of the release $1: a greater version is that of others.
applied() {
  deadline=$(($(now) + 5))
  while [ "$(now)" -le "$deadline" ]; do
    if [ "$(version_in "$ingress/status.json")" = "$version" ] &&
      grep -q "^ \"release\": \"$1\"" "$ingress/status.json"; then return 0; fi
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
