import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Authority, Identity } from '#drivers/simulated/acquirer/authority.ts';
import type { World } from './support.ts';

/**
 * A host made of OpenSSL's s_server. Node's own hangs up on a client's certificate that it refuses;
 * this one says why, with an alert, as the hosts of acquirers do. Resolves to its port.
 */
export const opensslServer = async (
  world: World,
  identity: Identity,
  trusted: Authority,
  more: readonly string[] = [],
): Promise<number> => {
  const server = spawn(
    'openssl',
    [
      ...['s_server', '-accept', '127.0.0.1:0', '-tls1_3', '-Verify', '2', '-verify_return_error'],
      ...['-cert', await world.file(identity.certificate), '-key', await world.file(identity.key)],
      ...['-CAfile', await world.file(trusted.certificate), ...more],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const exit = once(server, 'exit');
  world.closeLater(async () => {
    server.kill('SIGKILL');
    await exit;
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return Number(port);
    }
  }
  throw new Error('s_server ended before it listened');
};
