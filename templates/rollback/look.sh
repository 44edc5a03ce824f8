# Looks what is to be done, and at the end whether it is good.

look() {
  to_start=
  stranded=
  own=' '
  servers=$(printf '%s' "$batches" | tr '\n' ' ')
  for server in $servers; do
    about "$server"
    own="$own$server.$copy "
    # One on standby needs to be taken back, or it is ended later.
    if usable && ! on_standby; then
      if has_its_code "$folder"; then continue; fi
      stranded="$stranded $server"
    fi
    to_start="$to_start $server"
  done
  foreign=
  held=
  for folder in "$instance"/copies/*/; do
    folder=${folder%/}
    name=${folder##*/}
    case $own in *" $name "*) continue ;; esac
    if runs "$folder"; then foreign="$foreign $name"; fi
  done
  for server in $servers; do
    about "$server"
    # The copy that answers is the one that is started again, so requests wait for it.
    case " $stranded " in *" $server "*)
      held="$held $server"
      continue
      ;;
    esac
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
  [ -z "$to_start$foreign" ] && [ ! -e "$root/transition.json" ] && runs "$ingress" && has_its_code "$ingress" &&
    ingress_as_deployed || return 1
  grep -qs "\"release\": \"$release\"" "$root/live.json" || return 1
  grep -qs "^ \"release\": \"$release\"" "$instance/instance.json" || return 1
  expected=
  for server in $servers; do
    about "$server"
    grep -qsF "copies/$server.$copy\"" "$instance/instance.json" || return 1
    expected="$expected$server $copy http://127.0.0.1:$port active$newline"
  done
  # A greater version at the ingress is that of other routes.
  [ "$version" = "$(version_in "$ingress/routes.json")" ] &&
    [ "$(printf '%s' "$expected" | sort)" = "$(printf '%s\n' "$old_routes" | sort)" ] && applied "$release"
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
  back="to put back another release: sh $root/rollback.sh --list"
  file=$root/releases/$(short "$before_us")/rollback.sh
  if [ -n "$foreign" ] && [ -r "$file" ] && [ "$before_us" != "$release" ]; then
    back="to go back to $(short "$before_us"), whose copies are kept and still run: sh $file"
  fi
  fail "release $(short "$release") has the traffic, but the ingress does not find $server healthy: $detail" \
    "see what it says: tail $folder/log" "$back"
}
whole() {
  for server in $servers; do
    about "$server"
    [ -x "$program" ] || fail "this release is not whole: $program is missing" "choose another: sh $root/rollback.sh --list"
  done
}
