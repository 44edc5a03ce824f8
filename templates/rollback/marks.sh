# Keeps in the records which release was rolled back, so that nobody goes to it again by mistake.

# The record in the file $1 with the member rolledBack that $2 is, or without one.
with_rolled_back() {
  ROLLED_BACK=$2 awk '
    function keep() {
      if (member != "" && member !~ /^  "rolledBack"/) {
        sub(/,$/, "", member)
        members[++count] = member
      }
      member = ""
    }
    NR == 1 {next}
    /^}/ {keep(); next}
    /^  "/ {keep(); member = $0; next}
    {member = member "\n" $0}
    END {
      keep()
      if (ENVIRON["ROLLED_BACK"] != "") members[++count] = ENVIRON["ROLLED_BACK"]
      print "{"
      for (one = 1; one <= count; one++) print members[one] (one < count ? "," : "")
      print "}"
    }' "$1"
}
# Whether the file $1 is a record as the steps write it: then one member of it can be replaced.
is_record() { [ "$(sed -n '1p' "$1" 2>/dev/null)" = '{' ] && [ "$(tail -n 1 "$1")" = '}' ]; }
# Sets `left` to the release that this leaves for good: it was deployed after this one, or its deploy did not end.
find_left() {
  left=
  read_transition
  case $under_way in
    deploy | restore)
      if [ -n "$to" ] && [ "$to" != "$release" ]; then left=$to; fi
      return
      ;;
    rollback)
      if [ "$to" = "$release" ] && [ -n "$from" ] && [ "$from" != "$release" ] && [ -z "$gives_up" ]; then
        left=$from
        return
      fi
      ;;
  esac
  [ -n "$before_us" ] && [ "$before_us" != "$release" ] || return 0
  own_order=$(order_of "$release") || own_order=0
  left_order=$(order_of "$before_us") || left_order=0
  # Going on to a later release, or to one that was never verified, says nothing against the one that served.
  awk -v own="$own_order" -v other="$left_order" 'BEGIN {exit !(own > 0 && (other == 0 || other > own))}' && left=$before_us
  return 0
}
# Written before live.json: whoever reads only one of both knows at least to keep away from what was left.
mark_left() {
  file=$root/records/$left.json
  [ -n "$left" ] && is_record "$file" || return 0
  entry="  \"rolledBack\": {
    \"run\": \"$mine\",
    \"at\": \"$(date -u +%Y-%m-%dT%H:%M:%S.000Z)\",
    \"reason\": \"rollback.sh went back to $(short "$release")\"
  }"
  with_rolled_back "$file" "$entry" | put "$file" || exit 3
}
# This release was chosen and is healthy, so a rollback may choose it again. One that was never verified stays as it was.
clear_own_mark() {
  file=$root/records/$release.json
  if is_record "$file" && grep -q '^  "verified": {' "$file" && grep -q '^  "rolledBack": {' "$file"; then
    with_rolled_back "$file" '' | put "$file" || exit 3
  fi
}
