# Sourced (bash), with $root and $total set: numbered steps with seconds, their output in $log.

step=0
log=$root/var/setup.log

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }

next_step() {
  step=$((step + 1))
  title=$1
}

# The step needs nothing, or says how it ended.
done_already() { printf '[%d/%d] %s: %s\n' "$step" "$total" "$title" "$1"; }

note() { printf '      %s\n' "$1"; }

# work WHAT COMMAND…: runs the command with its output in the log, seconds ticking meanwhile.
# Its exit status is the command's; after a failure the end of its output is shown.
work() {
  local what=$1 began=$SECONDS from rc line
  shift
  line="[$step/$total] $title: $what"
  mkdir -p -m 700 "${log%/*}" && : >>"$log" || { echo "$line: can't write $log"; return 1; }
  from=$(($(wc -l <"$log") + 1))
  printf '%s …' "$line"
  # 9 is setup's lock: a daemon that a package starts mustn't keep it.
  "$@" >>"$log" 2>&1 </dev/null 9>&- &
  local child=$!
  trap 'kill $child 2>/dev/null; echo; exit 130' INT TERM
  tick "$child" "$line" "$began"
  wait "$child"
  rc=$?
  trap - INT TERM
  if [ -t 1 ]; then printf '\r%s …' "$line"; fi
  if [ "$rc" = 0 ]; then
    printf ' %d s\n' $((SECONDS - began))
  else
    printf ' failed after %d s; the end of %s:\n' $((SECONDS - began)) "${log#"$root"/}"
    tail -n "+$from" "$log" | tail -n 6 | sed 's/^/        /'
  fi
  return "$rc"
}

tick() {
  local child=$1 line=$2 began=$3 elapsed last=0
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.2
    elapsed=$((SECONDS - began))
    if [ "$elapsed" = "$last" ]; then continue; fi
    last=$elapsed
    if [ -t 1 ]; then
      printf '\r%s … %d s' "$line" "$elapsed"
    elif [ $((elapsed % 10)) = 0 ]; then
      printf ' %d s …' "$elapsed"
    fi
  done
}
