# Sourced (POSIX sh), with $root set to the project's folder. Finds a Node that runs the project and
# puts it first in PATH. The project's own (.node/) wins over the machine's, so that a native addon
# keeps matching the Node that it was built for.

find_node() {
  for node in "$root"/.node/node_modules/node-linux-*/bin/node; do
    if [ -x "$node" ]; then
      PATH="${node%/node}:$root/.node/node_modules/.bin:$PATH"
      export PATH
      return 0
    fi
  done
  node=$(command -v node) || return 1
  found=$(node -v) || return 1
  found=${found#v}
  [ "${found%%.*}" -ge 24 ]
}

# Node keeps compiled scripts here: a command starts in half the time.
use_compile_cache() {
  if [ -w "$root/.node" ]; then
    export NODE_COMPILE_CACHE="$root/.node/compile-cache"
  fi
}
