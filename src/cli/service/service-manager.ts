import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Log } from '#ports/log.ts';

export interface ServiceManager {
  /** Tells systemd something, in assignments such as "READY=1": sd_notify(3). Never waits. */
  tell(...assignments: readonly string[]): void;
  /** Resolves when what was told has been sent. */
  close(): Promise<void>;
}

/**
 * By a small process of its own, in Perl, which each Debian has: Node has no datagram socket of the
 * UNIX kind. It stays, so that a word costs a line in a pipe; `systemd-notify`, started for each
 * word, holds the event loop up by several times what a tap may take of it.
 */
export const openServiceManager = (log: Log, command = 'perl'): ServiceManager => {
  let helper: ChildProcess | undefined;
  const start = (): ChildProcess => {
    const started = spawn(command, ['-e', SEND], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    started.stderr?.on('data', (piece: Buffer) => {
      said = `${said}${piece.toString()}`.slice(0, 200);
    });
    const lost = (why: string) => {
      if (helper !== started) return;
      // The next word starts another one.
      helper = undefined;
      log.warn({ why }, 'systemd is not told');
    };
    started.on('error', (error) => lost(error.message));
    started.on('exit', (code) => lost(said.trim() || `it ended with ${code}`));
    started.stdin?.on('error', () => {});
    return started;
  };
  return {
    tell: (...assignments) => {
      helper ??= start();
      helper.stdin?.write(`${assignments.join(SEPARATOR)}\n`);
    },
    close: async () => {
      const last = helper;
      helper = undefined;
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return;
      const ended = once(last, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) });
      last.stdin?.end();
      await ended.catch(() => last.kill('SIGKILL'));
    },
  };
};

const PATIENCE_MS = 2_000;

/** Between assignments on a line; none has it. */
const SEPARATOR = '\u001e';

// A name with @ is an abstract one: sd_notify(3), unix(7).
const SEND = `
  use Socket;
  my $name = $ENV{NOTIFY_SOCKET};
  $name =~ s/^@/\\0/;
  socket(S, AF_UNIX, SOCK_DGRAM, 0) or die "$!\\n";
  while (my $line = <STDIN>) {
    chomp $line;
    $line =~ s/\\x1e/\\n/g;
    defined send(S, $line, 0, sockaddr_un($name)) or die "$!\\n";
  }
`;
