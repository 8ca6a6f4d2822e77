# Sourced (bash) by scripts/install and scripts/uninstall, with $prefix, $dry, $release and $log set.

# What the last step has changed.
changes=

give_up() {
  printf 'Stopped: %s\n' "$1" >&2
  if [ -s "${log:-}" ]; then echo "More is in $log." >&2; fi
  exit 1
}

# would WHAT: true where nothing is to be done but to say it.
would() {
  [ "$dry" = yes ] || return 1
  done_already "would $1"
}

quietly() { "$@" >>"$log" 2>&1 </dev/null; }

# place FILE TARGET [MODE]: leaves a file alone that is the same, and notes what changed.
place() {
  local target=$prefix$2 mode=${3:-644}
  if cmp -s "$1" "$target"; then return; fi
  mkdir -p "$(dirname "$target")" && install -m "$mode" "$1" "$target.new" &&
    mv "$target.new" "$target" || give_up "can't write $target"
  changes='installed'
}
