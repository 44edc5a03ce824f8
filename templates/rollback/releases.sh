# What this environment knows of its releases: read from live.json, transition.json and records/, which every step keeps true.

# One line a release: digest, order in which it was verified (0: never), and when it was verified, rolled back, deployed and
# placed; `failed` or `left` for how it was rolled back; why. `-` stands for what is not known. Members of the record itself
# have two spaces before them, those of what is in it four: nothing that a fleet file holds can look like them.
known_releases() {
  for file in "$root"/records/*.json; do
    [ -e "$file" ] || continue
    awk '
      function or_none(text) {return text == "" ? "-" : text}
      FNR == 1 && $0 != "{" {exit}
      /^  "/ {inside = $0; sub(/^  "/, "", inside); sub(/".*/, "", inside)}
      /^  "(release|placedAt)": "/ {split($0, part, "\""); value[inside] = part[4]}
      /^    "at": "/ {split($0, part, "\""); at[inside] = part[4]}
      /^    "order": [0-9]/ && inside == "verified" {order = $2 + 0}
      /^    "failed": true/ && inside == "rolledBack" {failed = "failed"}
      /^    "reason": "/ && inside == "rolledBack" {
        why = $0
        sub(/^    "reason": "/, "", why)
        sub(/",?$/, "", why)
        gsub(/\\"/, "\"", why)
        gsub(/[\t|]/, " ", why)
      }
      /^}$/ {whole = 1}
      END {
        if (!whole || value["release"] !~ /^[0-9a-f]+$/) exit
        # Those of earlier versions have no order.
        if (at["verified"] != "" && order == 0) order = 0.5
        print value["release"] "|" order + 0 "|" or_none(at["verified"]) "|" or_none(at["rolledBack"]) "|" \
          or_none(at["deployed"]) "|" or_none(value["placedAt"]) "|" (failed == "" ? "left" : failed) "|" or_none(why)
      }' "$file" 2>/dev/null
  done
}
# What live.json says by that name.
live_says() { sed -n 's/^  "'"$1"'": "\([^"]*\)".*/\1/p' "$root/live.json" 2>/dev/null | head -n 1; }
# Sets `under_way`, `from` and `to`: what the change that has not ended is for, and its two releases; empty where there is none.
# `gives_up` is set where what it leaves is not at fault.
read_transition() {
  under_way='' from='' to='' gives_up=''
  [ -e "$root/transition.json" ] || return 0
  eval "$(awk -F '"' '
    /^ "[A-Za-z]+": / {inside = $2}
    /^ "purpose": "[a-z]+"/ {purpose = $4}
    /^  "release": "[0-9a-f]+"/ && (inside == "from" || inside == "to") {side[inside] = $4}
    /^ "givesUp": true/ {gives_up = 1}
    END {printf "under_way=%s from=%s to=%s gives_up=%s\n", purpose, side["from"], side["to"], gives_up}' "$root/transition.json" 2>/dev/null)"
  # What cannot be read is not nothing.
  under_way=${under_way:-unreadable}
}
# When a release was verified, as the first of two numbers and texts: its order, and the time. Fails for one that never was.
order_of() {
  known_releases | awk -F '|' -v release="$1" '$1 == release {print $2; found = 1} END {exit !found}'
}
