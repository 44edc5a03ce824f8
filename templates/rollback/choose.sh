# Chooses where to go when nobody says it, and says why; lists what there is.

# A field of what is known of the release $1.
field() { printf '%s\n' "$known" | awk -F '|' -v release="$1" -v number="$2" '$1 == release {print $number}'; }
# Verified, and not rolled back since.
is_good() {
  case $(field "$1" 2) in '' | 0) return 1 ;; esac
  [ "$(field "$1" 4)" = - ]
}
# Sets `fault` to why the release $1 cannot be started from its folder; fails then.
is_whole() {
  place=$root/releases/$(short "$1")
  fault=
  if [ ! -d "$place" ]; then fault="its folder is gone"
  elif [ ! -r "$place/rollback.sh" ]; then fault="it was never live here, so it has no rollback.sh"
  else
    data=$place/rollback/$(sed -n 's|^data=\$here/rollback/||p' "$place/rollback.sh")
    if [ ! -r "$data/about.sh" ]; then fault="what its rollback.sh works from is gone"; fi
    for part in runtime/node ingress.mjs; do
      if [ ! -r "$place/$part" ]; then fault="$part is missing"; fi
    done
    for part in "$data"/servers/*/; do
      part=${part%/}
      if [ ! -d "$place/servers/${part##*/}" ]; then fault="servers/${part##*/} is missing"; fi
    done
  fi
  [ -z "$fault" ]
}
# Sets `runs_here` to how much of the release $1, which is whole, runs: all, part or none.
see_what_runs() {
  runs_here=$(
    up=0
    down=0
    place=$root/releases/$(short "$1")
    data=$place/rollback/$(sed -n 's|^data=\$here/rollback/||p' "$place/rollback.sh")
    # shellcheck source=/dev/null
    . "$data/about.sh"
    # shellcheck disable=SC2154 # about.sh sets it.
    if runs "$ingress"; then up=1; else down=1; fi
    for about in "$data"/servers/*/about.sh; do
      [ -r "$about" ] || continue
      # shellcheck source=/dev/null
      . "$about"
      # shellcheck disable=SC2154 # about.sh sets it.
      if alive "$folder/child"; then up=$((up + 1)); else down=$((down + 1)); fi
    done
    if [ "$down" -eq 0 ]; then echo all; elif [ "$up" -eq 0 ]; then echo none; else echo part; fi
  )
}
# Sets `goal` to the newest good release that is whole, $1 and $2 left out. Those that are passed over are named.
newest_good() {
  goal=
  passed=
  for release in $(printf '%s\n' "$known" | awk -F '|' '$2 > 0 && $4 == "-" {print $1}'); do
    if [ "$release" = "$1" ] || [ "$release" = "$2" ]; then continue; fi
    if is_whole "$release"; then
      goal=$release
      return
    fi
    passed="$passed${newline}  passed over $(short "$release"), verified $(field "$release" 3): $fault"
  done
}
# Sets `goal`, empty where there is none, and `why`. docs/emergency-rollback.md has the same as a table.
choose() {
  goal=
  passed=
  case $under_way in
    deploy | restore) undo_change ;;
    rollback) go_on_with_rollback ;;
  esac
  [ -z "$goal" ] || return 0
  if [ -z "$live" ]; then
    newest_good '' "$to"
    why="nothing is live"
  elif ! is_whole "$live"; then
    why="release $(short "$live") is live and damaged: $fault"
    newest_good "$live" "$to"
  else
    see_what_runs "$live"
    leave_live
  fi
  if [ -n "$goal" ] && [ "$goal" != "$live" ]; then
    why="$why$passed${newline}going back to $(short "$goal"), verified $(field "$goal" 3)"
  else why=$why$passed; fi
}
undo_change() {
  if [ -n "$from" ] && is_whole "$from"; then
    goal=$from
    why="a $under_way of $(short "$to") has not ended: going back to $(short "$from"), which was live before"
  fi
}
go_on_with_rollback() {
  if [ -n "$to" ] && is_whole "$to"; then
    goal=$to
    why="a rollback to $(short "$to") has not ended: going on with it"
    [ -z "$gives_up" ] || why="a rollback was given up: going on to $(short "$to")"
  fi
}
# What is live is whole; whether it stays is a question of how it got there, and whether it runs.
leave_live() {
  came_from=$(live_says rolledBackFrom)
  if is_good "$live" && [ "$runs_here" = none ]; then
    goal=$live
    why="release $(short "$live") is live and verified, and nothing of it runs: it is started again"
  elif is_good "$live" && [ -n "$came_from" ]; then
    goal=$live
    at=$(field "$came_from" 4)
    case $at in '' | -) at=$(live_says since) ;; esac
    why="release $(short "$live") is live: verified $(field "$live" 3), put back $at in place of $(short "$came_from")"
    why="$why${newline}it stays and is checked now; to go elsewhere: $self --list"
  else
    newest_good "$live" ''
    if [ -n "$goal" ]; then why="release $(short "$live") is live"
    elif is_good "$live" && [ "$runs_here" = part ]; then
      goal=$live
      why="release $(short "$live") is live, and no other is verified: what does not run of it is started again"
    else why="release $(short "$live") is live, and no other is verified"; fi
  fi
}
# Sets `goal` to the release that is named by its digest or the beginning of it.
choose_asked() {
  goal=
  for release in $(printf '%s\n' "$known" | awk -F '|' '{print $1}'); do
    case $release in
      "$asked"*)
        if [ -n "$goal" ]; then refuse "$asked is the beginning of several releases" "see them: $self --list"; fi
        goal=$release
        ;;
    esac
  done
  [ -n "$goal" ] || refuse "there is no release $asked here" "see which there are: $self --list"
  is_whole "$goal" || refuse "release $(short "$goal") cannot be put back: $fault" "choose another: $self --list"
  if [ "$goal" = "$live" ] || is_good "$goal" || [ -n "$force" ]; then return; fi
  refuse "release $(short "$goal"): $(became "$goal")" "go to it all the same: $self $(short "$goal") --force"
}
# What became of the release $1, in one line.
became() {
  printf '%s\n' "$known" | awk -F '|' -v release="$1" '
    $1 == release {
      if ($3 != "-") text = "verified " $3
      else if ($5 != "-") text = "deployed " $5 ", never verified"
      else text = "never verified here"
      if ($4 != "-") text = text " · " ($7 == "failed" ? "failed " : "rolled back ") $4 ($8 == "-" ? "" : ": " $8)
      print text
    }'
}
# Every release, what happened last first.
list_releases() {
  if [ -z "$known" ]; then refuse "no release is known here" "is this the folder of an environment? $root"; fi
  choose
  # The fields from the third to the sixth are times, which compare as texts.
  for release in $(printf '%s\n' "$known" | awk -F '|' '{
    newest = ""
    for (one = 3; one <= 6; one++) if ($one != "-" && $one > newest) newest = $one
    print newest "|" $1
  }' | sort -r | awk -F '|' '{print $2}'); do
    sign=' '
    state=$(became "$release")
    if [ "$release" = "$live" ]; then
      sign='→'
      state="live since $(live_says since) · $state"
    fi
    is_whole "$release" || state="$state · cannot be put back: $fault"
    say "$sign $(short "$release")  $state"
  done
  say ''
  say "$self would do this now:"
  printf '%s\n' "$why" | harmless | sed 's/^/  /'
  if [ -z "$goal" ]; then say "  there is no verified release to go back to, so it would change nothing"; fi
}
