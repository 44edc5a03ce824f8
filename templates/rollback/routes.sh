# Writes the routes of the ingress.

# Copies of a server of this release, as lines of JSON. Stage `switch`: ours takes new traffic and others drain, or all
# wait. `release`: nobody waits any more. `final`: ours alone; sessions of others get 404, so that their clients start over.
copies() {
  ours=1
  others=1
  case "$stage $held " in
    "switch "*" $1 "*) ours= ;;
    "release "*" $1 "* | final*) others= ;;
  esac
  lines=
  if [ -n "$ours" ]; then lines="$copy http://127.0.0.1:$port active"; fi
  if [ -n "$others" ]; then
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
  printf '{\n  "version": %s,\n  "release": "%s",\n' "$version" "$release"
  cat "$data/names"
  printf '  "servers": {\n'
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
