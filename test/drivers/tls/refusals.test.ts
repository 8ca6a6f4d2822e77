import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { firstValueFrom, timeout } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { frame, fromAscii, toAscii } from '#iso8583/index.ts';
import type { HostLink } from '#ports/host-link.ts';
import { opensslServer } from './openssl-server.ts';
import {
  authority,
  clientOf,
  createWorld,
  current,
  downWith,
  type Host,
  isUp,
  past,
  serverOf,
  type World,
} from './support.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.end();
});

const trusted = authority();
const terminal = clientOf(trusted);
const DAY = 86_400_000;
const future = { fromMs: current.fromMs + 2 * DAY, untilMs: current.untilMs + 2 * DAY };

/** What any host on the way would like to see. */
const reversal = toAscii('0400 takes back 42.00');
const framed = frame(reversal);
if (isMalformed(framed)) throw new Error(framed.problem);

/** Tries to get rid of the reversal as often as the link says anything, and asks in between. */
const insist = (link: HostLink): { readonly outcomes: unknown[]; stop(): void } => {
  const outcomes: unknown[] = [];
  const send = () => void link.send(reversal).then((outcome) => outcomes.push(outcome));
  const states = link.state$.subscribe(send);
  const again = setInterval(send, 1);
  return {
    outcomes,
    stop: () => {
      states.unsubscribe();
      clearInterval(again);
    },
  };
};

const arrives = async (host: Host, link: HostLink): Promise<void> => {
  await isUp(link);
  expect(await link.send(reversal)).toBeUndefined();
  await vi.waitFor(() => expect(fromAscii(host.heard())).toBe(fromAscii(framed)));
};

describe('a reversal waits until the host has proved who it is', () => {
  const impostors = [
    ['of another authority', () => serverOf(authority()), {}, /not from the authority/],
    ['expired', () => serverOf(trusted, ['localhost'], past), {}, /certificate has expired/],
    ['not valid yet', () => serverOf(trusted, ['localhost'], future), {}, /not valid yet/],
    ['for another name', () => serverOf(trusted, ['other.example']), {}, /for another name/],
    ['made for a client', () => terminal, {}, /not issued for a server/],
    [
      'right, but offers TLS 1.2',
      () => serverOf(trusted),
      { maxVersion: 'TLSv1.2' },
      /before 1\.3/,
    ],
  ] as const;

  test.each(impostors)('its certificate is %s', async (_, identity, more, why) => {
    const impostor = await world.host(identity(), trusted, more);
    const link = await world.link(impostor.port, trusted, terminal);
    const insisting = insist(link);
    await downWith(link, why);
    await impostor.refusals(3);
    insisting.stop();
    expect(insisting.outcomes.length).toBeGreaterThan(3);
    for (const outcome of insisting.outcomes) expect(outcome).toMatchObject({ fault: 'linkDown' });
    expect(fromAscii(impostor.heard())).toBe('');
    await impostor.close();
    await arrives(await world.host(serverOf(trusted), trusted, { port: impostor.port }), link);
  });

  test('also when the environment tells Node to trust everybody', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const impostor = await world.host(serverOf(authority()), trusted);
    const link = await world.link(impostor.port, trusted, terminal);
    const insisting = insist(link);
    await downWith(link, /not from the authority/);
    await impostor.refusals(2);
    insisting.stop();
    expect(fromAscii(impostor.heard())).toBe('');
  });

  test('it speaks no TLS: it hears the beginning of a handshake and nothing else', async () => {
    let heard: Uint8Array = new Uint8Array();
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard = concat(heard, new Uint8Array(chunk));
        socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const link = await world.link(port, trusted, terminal);
    const insisting = insist(link);
    await downWith(link, /does not speak TLS/);
    await vi.waitFor(() => expect(sockets.length).toBeGreaterThan(2));
    insisting.stop();
    // A handshake record, RFC 8446 §5.1.
    expect(heard[0]).toBe(22);
    expect(Buffer.from(heard).includes('0400')).toBe(false);
    await link.close();
    server.close();
  });
});

describe('a host that refuses our certificate is quoted', () => {
  test.each([
    ['of an authority it does not know', () => clientOf(authority()), /does not know the author/],
    ['expired', () => clientOf(trusted, past), /says that this terminal's certificate has expired/],
    ['not valid yet', () => clientOf(trusted, future), /refuses this terminal's certificate/],
  ])('%s', async (_, identity, words) => {
    const port = await opensslServer(world, serverOf(trusted), trusted);
    await downWith(await world.link(port, trusted, identity()), words);
  });

  test('that is of a kind it does not take, so that it gets none', async () => {
    const onlyRsa = ['-client_sigalgs', 'RSA-PSS+SHA256'];
    const port = await opensslServer(world, serverOf(trusted), trusted, onlyRsa);
    await downWith(await world.link(port, trusted, terminal), /wants a client certificate/);
  });

  test('and one that takes it is heard', async () => {
    const port = await opensslServer(world, serverOf(trusted), trusted, ['-rev']);
    const link = await world.link(port, trusted, terminal, { framing: { header: 'ascii-4' } });
    await isUp(link);
    const answer = firstValueFrom(link.received$.pipe(timeout(5_000)));
    // s_server -rev sends each line back to front, and the end of this one is a length then.
    await link.send(toAscii('answer1100\n'));
    expect(fromAscii(await answer)).toBe('rewsna1100\n');
  });
});
