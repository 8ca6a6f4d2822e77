import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filter, firstValueFrom, of, Subject } from 'rxjs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { serialPeripheral, simulatedFirmware } from '#drivers/simulated/peripherals/index.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { TerminalEvent, TerminalStatus } from '#terminal/types.ts';
import { plugDevice } from '#test/drivers/serial/plugged-device.ts';
import { aFolder, aServer, aWorld } from '#test/drivers/tuf/support.ts';
import { keptLog } from '#test/support/kept-log.ts';
import type { State } from '#upkeep/index.ts';
import { COPIES, encode } from '#upkeep/launcher.ts';
import type { UplinkState } from '#uplink/index.ts';
import { addFirmware, point } from '../../scripts/maker/targets.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { placesIn } from '../../src/cli/places.ts';
import { firmwareProbe } from '../../src/cli/probes/firmware.ts';
import { openUpkeep } from '../../src/cli/updates/open-upkeep.ts';
import { machineHere } from '../../src/cli/updates/slots-here.ts';

const IMAGE = simulatedFirmware('2.0', 30_000);
const IDLE = { state: 'idle', readerPresent: true, reader: 'ACR1252' } as TerminalStatus;
const UP: UplinkState = {
  ...{ link: { link: 'up', peer: 'host' }, hostAnswers: true },
  ...{ openReversals: 0, toForward: 0 },
};

/** A repository on the net that offers firmware for a scanner, and no release for this machine. */
const aRepository = async () => {
  const world = await aWorld();
  const file = join(aFolder('image'), 'scanner.bin');
  writeFileSync(file, IMAGE);
  const [target = ''] = await addFirmware(world.maker, [file]);
  const firmware = { scanner: { target, version: '2.0' } };
  const machine = machineHere() ?? '';
  await point(world.maker, 'channel-stable', 'channels/stable', { machines: [machine], firmware });
  world.publish();
  return { ...(await aServer(world.maker.folder)), root: join(world.maker.folder, 'metadata') };
};

/** The folder of a terminal's slots, with one release that has proved itself. */
const someSlots = (): string => {
  const root = aFolder('slots');
  const release = { release: 'countertap-1.0.0', version: '1.0.0', digest: '0'.repeat(64) };
  const a = { ...release, starts: 0, trials: 0, healthy: true, probationMs: 1000 };
  const state: State = {
    ...{ format: 1, sequence: 1, current: 'a', floor: '1.0.0', phase: 'settled', reason: null },
    slots: { a, b: null },
  };
  for (const name of COPIES) writeFileSync(join(root, name), encode(state));
  mkdirSync(join(root, 'slots'));
  return root;
};

const aConfiguration = async (path: string) => {
  const { address, authority, root } = await aRepository();
  const folder = aFolder('config');
  cpSync('config/base', folder, { recursive: true });
  mkdirSync(join(folder, 'trust'), { recursive: true });
  cpSync(join(root, '1.root.json'), join(folder, 'trust', 'root.json'));
  const file = join(folder, 'terminal.json');
  const model = 'countertap-simulated';
  const upkeep = {
    ...{ repository: address, certificationAuthority: authority },
    peripherals: [{ kind: 'xmodem', name: 'scanner', path, model }],
  };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), upkeep }));
  const configuration = loadConfiguration(folder);
  if (isConfigProblem(configuration)) throw new Error('the configuration');
  return configuration;
};

/** Power is cut for a process of ours: nothing in it comes to its end. */
const cutPowerOfWorker = (): void => {
  for (const thread of readdirSync('/proc/self/task')) {
    const children = readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ');
    for (const child of children.filter((pid) => pid !== '')) {
      const command = readFileSync(`/proc/${child}/cmdline`, 'utf8');
      if (command.includes('firmware-worker')) process.kill(Number(child), 'SIGKILL');
    }
  }
};

test('a scanner is loaded after look and payment; the next start mends a power cut', async () => {
  const port = await plugDevice();
  const device = serialPeripheral({
    ...{ version: '1.0', send: (bytes) => port.send(bytes) },
    timing: { waitMs: 500, characterMs: 200 },
  });
  onTestFinished(async () => {
    device.close();
    await port.close();
  });
  const cut = Promise.withResolvers<void>();
  let heard = 0;
  port.hear((bytes) => {
    heard += bytes.length;
    if (heard < 10_000) return device.take(bytes);
    if (heard - bytes.length < 10_000) {
      cutPowerOfWorker();
      cut.resolve();
    } else if (isPowered) device.take(bytes);
  });
  let isPowered = false;
  const configuration = await aConfiguration(port.path);
  vi.stubEnv('COUNTERTAP_ROOT', someSlots());
  onTestFinished(() => void vi.unstubAllEnvs());
  const state = aFolder('state');
  const told: string[] = [];
  const events$ = new Subject<TerminalEvent>();
  const start = () =>
    openUpkeep(
      { configuration, state },
      {
        ...{ terminal: { status: () => IDLE, finish: async () => {} } as never, events$ },
        ...{ uplink: { state$: of(UP) }, display: { url: 'http://127.0.0.1:1' } },
        audit: async ({ says }) => void told.push(says),
      },
      keptLog(),
    );
  const { peripherals } = configuration.terminal.upkeep;
  const doctor = () =>
    firmwareProbe(peripherals, placesIn(state), () => false)(new AbortController().signal);

  const before = await start();
  events$.next({ event: 'saleStarted' } as TerminalEvent);
  const outcome = await before.done({ do: 'install', evenIfFailed: false, atOnce: false });
  expect(outcome).toEqual({ outcome: 'nothingOffered' });
  expect(before.standing()).toMatchObject({ work: 'none' });
  expect(heard).toBe(0);
  events$.next({ event: 'idle' } as TerminalEvent);
  await until(before.standing$, 'firmware');
  await cut.promise;
  await until(before.standing$, 'none');
  await before.close();
  expect(await doctor()).toMatchObject({ verdict: 'attention' });

  device.powerCycle();
  isPowered = true;
  expect(device.runs()).toBe('bootloader');
  const after = await start();
  await until(after.standing$, 'firmware');
  await until(after.standing$, 'none');
  expect(device.runs()).toBe('2.0');
  expect(told).toEqual([
    'scanner 2.0 is being loaded, from 1.0',
    'scanner 2.0 is being loaded, from bootloader',
    expect.stringMatching(/^scanner 2\.0 is loaded, from bootloader, 30000 bytes/),
  ]);
  expect(await doctor()).toMatchObject({ verdict: 'well', found: 'scanner runs 2.0.' });
  await after.close();
}, 60_000);

const until = (standing$: Awaited<ReturnType<typeof openUpkeep>>['standing$'], work: Work) =>
  firstValueFrom(standing$.pipe(filter((standing) => standing.work === work)));

type Work = UpkeepStanding['work'];
