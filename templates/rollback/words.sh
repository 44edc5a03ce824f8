# What is said to the person who runs this, and kept.

say() {
  # Nobody may be listening any more.
  printf '%s\n' "$*" 2>/dev/null
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
