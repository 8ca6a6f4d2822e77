import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askService, serviceTrouble } from '#drivers/pcsc/service-probe.ts';

let folder: string;
let server: Server | undefined;
const path = (): string => join(folder, 'pcscd.comm');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-probe-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const serve = async (answer: (socket: Socket) => void): Promise<void> => {
  server = createServer(answer).listen(path());
  await once(server, 'listening');
};

const wordsOf = (message: Buffer): number[] =>
  Array.from({ length: message.length / 4 }, (_, i) =>
    endianness() === 'LE' ? message.readUInt32LE(4 * i) : message.readUInt32BE(4 * i),
  );

it("speaks the service's version from the second time on, as pcscd 2 wants", async () => {
  const asked: number[][] = [];
  await serve((socket) =>
    socket.on('data', (message) => {
      asked.push(wordsOf(message).slice(2, 4));
      socket.write(Buffer.from(new Uint32Array([4, 6, 0]).buffer));
    }),
  );
  expect(await askService(path(), 5_000)).toBe('answers');
  expect(await askService(path(), 5_000)).toBe('answers');
  expect(asked[1]).toEqual([4, 6]);
});

it('tells a service that refuses this user from one that is away', async () => {
  await serve((socket) => socket.end());
  expect(await askService(path(), 5_000)).toBe('refuses');
  expect(await serviceTrouble(path(), 5_000)).toMatch(/^pcscd refuses this user at /);
});

it('a service that is stopped takes connections and says nothing', async () => {
  await serve((socket) => socket.pause());
  expect(await askService(path(), 50)).toBe('silent');
});

it('nobody is there', async () => {
  expect(await serviceTrouble(path(), 5_000)).toBe(`no answer at ${path()}`);
});
