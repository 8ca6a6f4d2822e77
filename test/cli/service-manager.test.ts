import { afterEach, expect, test } from 'vitest';
import type { Log } from '#ports/log.ts';
import { openServiceManager } from '../../src/cli/service/service-manager.ts';

afterEach(() => {
  delete process.env['NOTIFY_SOCKET'];
});

const warned = () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const log: Log = { debug() {}, info() {}, warn: (fields) => resolve(fields), error() {} };
  return { log, promise };
};

test('a systemd that has gone is a line in the log, and nothing else', async () => {
  process.env['NOTIFY_SOCKET'] = '/nonexistent/notify';
  const { log, promise } = warned();
  const manager = openServiceManager(log);
  manager.tell('READY=1');
  expect(await promise).toEqual({ why: 'No such file or directory' });
  manager.tell('WATCHDOG=1');
  await manager.close();
});

test('a machine without the program that tells it, too', async () => {
  const { log, promise } = warned();
  const manager = openServiceManager(log, '/nonexistent/perl');
  manager.tell('READY=1');
  expect(await promise).toMatchObject({ why: expect.stringContaining('ENOENT') });
  await manager.close();
});
