import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { toAscii } from '#iso8583/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import {
  authority,
  clientOf,
  createWorld,
  isUp,
  serverOf,
  upWith,
} from '#test/drivers/tls/support.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { openHost } from '../../src/cli/opening/open-host.ts';
import { placesIn } from '../../src/cli/places.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

test('a configured host has its backup, names and framing on the wire', async () => {
  const world = await createWorld();
  const folder = await mkdtemp(join(tmpdir(), 'countertap-host-'));
  const trusted = authority();
  const terminal = clientOf(trusted);
  const names = serverOf(trusted, ['backup.example']);
  const [primary, backup] = [
    await world.host(serverOf(authority()), trusted),
    await world.host(names, trusted),
  ];
  cpSync('config/base', folder, { recursive: true });
  const file = join(folder, 'terminal.json');
  const set = JSON.parse(readFileSync(file, 'utf8'));
  set.host.connection = {
    kind: 'tls',
    address: 'localhost',
    port: primary.port,
    backup: { address: 'localhost', port: backup.port, serverName: 'backup.example' },
    framing: { lengthHeader: 'bcd-2', tpdu: { destination: '0003', source: '0099' } },
    certificationAuthority: await world.file(trusted.certificate),
    certificate: await world.file(terminal.certificate),
    privateKey: await world.file(terminal.key),
  };
  writeFileSync(file, JSON.stringify(set));
  const configuration = loadConfiguration(folder);
  if (isConfigProblem(configuration)) throw new Error(describeConfigProblem(configuration));

  const host = await openHost(configuration, placesIn(folder), quiet);
  if (isFault(host)) throw new Error(host.detail);
  await isUp(host.link);
  await upWith(host.link, /^backup .*not from the authority/);
  const arrived = once(await backup.socket(), 'data');
  await host.link.send(toAscii('hello'));
  expect((await arrived)[0].toString('hex')).toBe(`00106000030099${'68656c6c6f'}`);

  await host.close();
  await world.end();
  await rm(folder, { recursive: true });
});
