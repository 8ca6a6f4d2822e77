#!/bin/sh
# The command line of this release of Countertap: what the launcher starts, and people may.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
slot=$(cd "${self%/*}" && pwd -P) || exit 3
export COUNTERTAP_SLOT="$slot"
# Unpacked elsewhere than in a slot it is a terminal that nothing updates.
case $slot in
  */slots/[ab]) export COUNTERTAP_ROOT="${slot%/slots/?}" ;;
  *) unset COUNTERTAP_ROOT ;;
esac

# The state's folder, as the command line will have it; never in the slot, which nothing may change.
previous='' first='' state=${COUNTERTAP_STATE:-/var/lib/countertap}
for word; do
  case $word in
    --state=*) state=${word#*=} ;;
    run | self-test) first=${first:-$word} ;;
    *) if [ "$previous" = --state ]; then state=$word; fi ;;
  esac
  previous=$word
done
export COUNTERTAP_STATE="$state"

# Memory before speed, as in scripts/countertap.
export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072
countertap() {
  "$slot/node/bin/node" --max-semi-space-size=2 --heap-growing-percent=20 --no-maglev \
    "$slot/src/cli/main.ts" "$@"
}

# What Node compiles depends on the processor and on who runs it, so that no release brings it
# along. It is made before the first run, by the self-test where there is one: a terminal that runs
# from compiled sources takes 20 MB less.
compiled=$state/compiled/${slot##*/}
made_for="@BUILD@ $(id -u)"
if [ "$first" ] && [ "$(cat "$compiled/made-for" 2>/dev/null)" != "$made_for" ]; then
  rm -rf "$compiled" 2>/dev/null
  if (umask 077 && mkdir -p "$compiled") 2>/dev/null; then
    # Whoever tries a release forbids Node to keep compiled code in its slot; this isn't there.
    (unset NODE_DISABLE_COMPILE_CACHE && export NODE_COMPILE_CACHE="$compiled" &&
      countertap prepare) && echo "$made_for" >"$compiled/made-for"
  fi
fi
if [ -w "$compiled" ]; then
  export NODE_COMPILE_CACHE="$compiled"
else
  export NODE_DISABLE_COMPILE_CACHE=1
fi
exec "$slot/node/bin/node" --max-semi-space-size=2 --heap-growing-percent=20 --no-maglev \
  "$slot/src/cli/main.ts" "$@"
