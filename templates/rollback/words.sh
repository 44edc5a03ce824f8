# What is said to the person who runs this, and kept.

# What servers and files say, without what a terminal would obey: control characters, those of C1 and those that turn text
# round; and without what the runner of GitHub takes for an order.
c1=$(printf '\302[\200-\237]')
turns=$(printf '\342\200[\252-\256]')
isolates=$(printf '\342\201[\246-\251]')
harmless() {
  tr '\000-\010\013-\037\177' '[?*]' | sed "s/$c1/?/g; s/$turns/?/g; s/$isolates/?/g; s/^\([ 	]*\)::/\1?:/; s/##\[/#?[/g"
}
say() {
  # Nobody may be listening any more.
  { printf '%s\n' "$*" | harmless; } 2>/dev/null
  if [ -n "$aside" ]; then printf '%s\n' "$*" >>"$aside/log"; fi
}
# Says what is wrong, then line by line what to do.
fail() {
  say "✗ $1"
  shift
  for remedy in "$@"; do say "→ $remedy"; done
  exit 3
}
short() { printf '%.12s' "$1"; }
