# Sourced (bash), with $root set: a smart card service for as long as this shell lives, unless one
# is there already (systemd's socket counts: the service starts with its first client).

pcscd_pid=''
pcscd_log=$root/var/pcscd.log

# Listed and in our own file system: a service in another mount namespace is listed too.
pcscd_listens() {
  [ -S /run/pcscd/pcscd.comm ] &&
    grep -q '00010000 .* /run/pcscd/pcscd\.comm$' /proc/net/unix 2>/dev/null
}

# Fails, having said why, when there is no smart card service and none can be started.
start_pcscd() {
  local as_root=() tries
  if pcscd_listens; then
    echo 'Smart card service: pcscd runs already.'
    return 0
  fi
  if ! command -v pcscd >/dev/null && ! [ -x /usr/sbin/pcscd ]; then
    echo 'Smart card service: pcscd is not installed.'
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
      echo 'Smart card service: pcscd does not run, and only root may start it.'
      return 1
    fi
    as_root=(sudo -n)
  fi
  mkdir -p -m 700 "$root/var"
  # In a session of its own: Ctrl-C is for the terminal, which may still need the reader.
  setsid "${as_root[@]}" "$(PATH=$PATH:/usr/sbin command -v pcscd)" -f >"$pcscd_log" 2>&1 </dev/null &
  pcscd_pid=$!
  for tries in {1..50}; do
    if pcscd_listens; then
      echo 'Smart card service: pcscd started; it ends with this command.'
      return 0
    fi
    kill -0 "$pcscd_pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "Smart card service: pcscd doesn't start; the end of ${pcscd_log#"$root"/}:"
  tail -n 5 "$pcscd_log" | sed 's/^/        /'
  stop_pcscd
  return 1
}

stop_pcscd() {
  if [ -z "$pcscd_pid" ]; then return; fi
  # sudo hands the signal on; a process of root's can't be signalled otherwise.
  kill "$pcscd_pid" 2>/dev/null || sudo -n kill "$pcscd_pid" 2>/dev/null
  wait "$pcscd_pid" 2>/dev/null
  pcscd_pid=''
}

# vpcd, the driver of the virtual reader, knows no way to listen on one address only.
warn_of_open_port() {
  if grep -qi ':8C7B 0*:0000 0A' /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
    echo 'Note: the virtual reader (vpcd) listens for emulated cards on port 35963 of all addresses.'
  fi
}
