import { chmodSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, call, openControl } from '#drivers/control/index.ts';
import type { ControlHandler } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let path: string;
const open: ControlServer[] = [];

const listen = async (handler: ControlHandler): Promise<ControlServer> => {
  const server = await openControl(path, handler, log);
  if (isFault(server)) throw new Error(server.detail);
  open.push(server);
  return server;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-control-'));
  path = join(folder, 'run', 'countertap.sock');
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  await rm(folder, { recursive: true, force: true });
});

// Root may open everything; anybody else is stopped by the socket's mode. The probe asks the kernel
// before it first waits, so the rights are needed for the call alone.
const asAnyUser = <Result>(act: () => Result): Result => {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
};

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(path, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });

describe('the control socket', () => {
  it('can be opened by the same user only', async () => {
    await listen(async () => {});
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700);
  });

  it('gives progress line by line, and the last line as the answer', async () => {
    await listen(async (request, reply) => {
      reply({ event: 'one' });
      reply({ event: 'two' });
      reply({ result: request['op'] });
    });
    const progress: unknown[] = [];
    const answer = await call(path, { op: 'sale' }, (line) => progress.push(line['event']));
    expect(progress).toEqual(['one', 'two']);
    expect(answer).toEqual({ result: 'sale' });
  });

  it('tells the handler when the caller hangs up', async () => {
    const hungUp = new Promise<void>((resolve) => {
      void listen(
        (_, __, signal) =>
          new Promise<void>((done) => {
            signal.addEventListener('abort', () => {
              resolve();
              done();
            });
          }),
      ).then(() => {
        const controller = new AbortController();
        void call(path, { op: 'sale' }, undefined, controller.signal);
        setTimeout(() => controller.abort(), 50);
      });
    });
    await hungUp;
  });

  it('refuses what is no JSON object, and a line without end, with a sentence', async () => {
    await listen(async (_, reply) => reply({ result: 'fine' }));
    expect(await raw('sale\n')).toContain('expected one line with a JSON object');
    expect(await raw('[1]\n')).toContain('expected one line with a JSON object');
    expect(await raw('x'.repeat(100_000))).toContain('the line is too long');
    expect(await call(path, { op: 'status' })).toEqual({ result: 'fine' });
  });

  it('answers a broken handler with a sentence, and goes on', async () => {
    let first = true;
    await listen(async (_, reply) => {
      if (first) {
        first = false;
        throw new Error('a bug');
      }
      reply({ result: 'fine' });
    });
    expect(await call(path, {})).toEqual({ error: 'an internal error: see the log' });
    expect(await call(path, {})).toEqual({ result: 'fine' });
  });

  it('knows a terminal that is running already, and takes over from a killed one', async () => {
    const server = await listen(async () => {});
    const second = await openControl(path, async () => {}, log);
    expect(isFault(second) && second.detail).toContain('already running');
    await server.close();
    await writeFile(path, '');
    await listen(async (_, reply) => reply({ result: 'fine' }));
    expect(await call(path, {})).toEqual({ result: 'fine' });
  });

  it('lets one of two terminals that start at once have it, and tells the other so', async () => {
    const both = await Promise.all([1, 2].map(() => openControl(path, async () => {}, log)));
    const refused = both.filter(isFault);
    for (const server of both) if (!isFault(server)) open.push(server);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.detail).toMatch(/^a terminal is already running here/);
  });

  it('tells a user who may not ask that, not that there is no terminal', async () => {
    await listen(async (_, reply) => reply({ result: 'asked' }));
    chmodSync(folder, 0o700);
    const answer = await asAnyUser(() => call(path, { op: 'status' }));
    expect(answer).toMatchObject({
      fault: 'serviceDown',
      detail: expect.stringMatching(/^this user may not ask the terminal here: .*EACCES/),
    });
    expect(await call(path, { op: 'status' })).toEqual({ result: 'asked' });
  });

  it("leaves another user's socket alone, and says whose it is", async () => {
    await listen(async (_, reply) => reply({ result: 'fine' }));
    await chmod(path, 0);
    const second = await asAnyUser(() => openControl(path, async () => {}, log));
    expect(isFault(second) && second.detail).toContain(`another user's terminal owns ${path}`);
    await chmod(path, 0o600);
    expect(await call(path, {})).toEqual({ result: 'fine' });
  });

  it('says by how much the path of the state folder is too long', async () => {
    const state = join(folder, 'x'.repeat(88 - folder.length - 1));
    await mkdir(state);
    path = join(state, 'run', 'countertap.sock');
    const server = await openControl(path, async () => {}, log);
    expect(isFault(server) && server.detail).toBe(
      'the path of the state folder is too long: 88 bytes, at most 87 will do',
    );
    path = join(state.slice(0, -1), 'run', 'countertap.sock');
    await listen(async (_, reply) => reply({ result: 'fine' }));
    expect(await call(path, {})).toEqual({ result: 'fine' });
  });

  it('says that no terminal is running when nobody listens', async () => {
    const answer = await call(path, { op: 'status' });
    expect(isFault(answer) && answer.detail).toContain('no terminal is running');
  });
});
