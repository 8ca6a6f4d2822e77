import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askService } from '#drivers/pcsc/service-probe.ts';

/** A smart card service of the test's own, with the virtual reader, beside any that is running. */
export interface Pcscd {
  /** Where it listens: libpcsclite looks there when PCSCLITE_CSOCK_NAME says so. */
  readonly socketPath: string;
  /** Where cards for the first slot of the virtual reader connect to. */
  readonly vpcdPort: number;
  /** Resolves when the service answers. `readers: false` starts it with no reader attached. */
  start(how?: { readonly readers: boolean }): Promise<void>;
  /** SIGSTOP and SIGCONT: the service hangs, and goes on. */
  freeze(): void;
  thaw(): void;
  /** Ends it; SIGTERM lets it clean up, SIGKILL does not. Resolves when it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends it and removes what it left behind. */
  close(): Promise<void>;
}

/**
 * Prepares a service; `start` starts it. pcscd knows one place for its socket only, /run/pcscd: so
 * it gets a mount namespace in which /run is a directory of ours. That takes root, or a kernel that
 * lets users have namespaces. Where neither is, tests queue up for the one real place.
 */
export const preparePcscd = async (): Promise<Pcscd> => {
  const home = await mkdtemp(join(tmpdir(), 'countertap-pcscd-'));
  const unshare = namespaceFlags();
  const place = unshare === undefined ? await theOnlyPlace() : await placeOfOurOwn(home);
  const vpcdPort = await freePortPair();
  const withReader = join(home, 'with-reader');
  const withoutReader = join(home, 'without-reader');
  await mkdir(withReader);
  await mkdir(withoutReader);
  await writeFile(join(withReader, 'vpcd'), vpcdConfig(vpcdPort));
  let service: ChildProcess | undefined;

  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const ending = service;
    service = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const exit = once(ending, 'exit');
    ending.kill(signal);
    await exit;
  };

  return {
    socketPath: place.socketPath,
    vpcdPort,
    start: async ({ readers } = { readers: true }) => {
      const config = readers ? withReader : withoutReader;
      service = spawnService(unshare, home, config);
      await untilItAnswers(place.socketPath, service);
    },
    freeze: () => void service?.kill('SIGSTOP'),
    thaw: () => void service?.kill('SIGCONT'),
    stop,
    close: async () => {
      await stop('SIGKILL');
      await place.leave();
      await rm(home, { recursive: true, force: true });
    },
  };
};

/** Prepares a service and starts it. */
export const startPcscd = async (): Promise<Pcscd> => {
  const pcscd = await preparePcscd();
  await pcscd.start();
  return pcscd;
};

interface Place {
  readonly socketPath: string;
  leave(): Promise<void>;
}

const namespaceFlags = (): readonly string[] | undefined =>
  [['--mount'], ['--user', '--map-root-user', '--mount']].find(
    (flags) => spawnSync('unshare', [...flags, 'mount', '--bind', tmpdir(), '/run']).status === 0,
  );

const placeOfOurOwn = async (home: string): Promise<Place> => {
  await mkdir(join(home, 'pcscd'));
  return { socketPath: join(home, 'pcscd', 'pcscd.comm'), leave: async () => {} };
};

const ONLY_SOCKET = '/run/pcscd/pcscd.comm';

/** One service at a time on the whole machine, and none that somebody else works with. */
const theOnlyPlace = async (): Promise<Place> => {
  const lock = join(tmpdir(), 'countertap-pcscd.lock');
  while (!(await takeLock(lock))) await sleep(100);
  if ((await askService(ONLY_SOCKET, 1000)) === 'answers') {
    await rm(lock);
    throw new Error('pcscd is running and these tests may not have a namespace: stop it first');
  }
  const leave = async (): Promise<void> => {
    await rm(ONLY_SOCKET, { force: true });
    await rm('/run/pcscd/pcscd.pid', { force: true });
    await rm(lock, { force: true });
  };
  return { socketPath: ONLY_SOCKET, leave };
};

/** The lock names its owner; one whose owner is dead is nobody's. */
const takeLock = async (path: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch {
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
    return false;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** --pdeathsig: a test run that is killed leaves no service behind. */
const spawnService = (
  unshare: readonly string[] | undefined,
  home: string,
  config: string,
): ChildProcess => {
  const pcscd = 'exec setpriv --pdeathsig KILL pcscd --foreground --critical --config "$1"';
  const [command, flags, script] =
    unshare === undefined
      ? ['sh', [], pcscd]
      : ['unshare', [...unshare, 'sh'], `mount --bind "$0" /run && ${pcscd}`];
  const { PATH = '' } = process.env;
  const env = { ...process.env, PATH: `${PATH}:/usr/sbin:/sbin` };
  return spawn(command, [...flags, '-c', script, home, config], {
    env,
    stdio: 'ignore',
  });
};

const untilItAnswers = async (socketPath: string, service: ChildProcess): Promise<void> => {
  const deadlineMs = performance.now() + 5000;
  while ((await askService(socketPath, 500)) !== 'answers') {
    if (service.exitCode !== null) throw new Error(`pcscd ended with ${service.exitCode}`);
    if (performance.now() > deadlineMs) throw new Error('pcscd does not come up');
    await sleep(10);
  }
};

/** vpcd shows two slots and listens at two ports in a row. */
const vpcdConfig = (port: number): string =>
  [
    'FRIENDLYNAME "Virtual PCD"',
    `DEVICENAME /dev/null:0x${port.toString(16)}`,
    'LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so',
    `CHANNELID 0x${port.toString(16)}`,
    '',
  ].join('\n');

const freePortPair = async (): Promise<number> => {
  for (;;) {
    const first = createServer().listen(0);
    await once(first, 'listening');
    const address = first.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const second = createServer().listen(port + 1);
    const isFree = await once(second, 'listening').then(
      () => true,
      () => false,
    );
    first.close();
    second.close();
    if (isFree) return port;
  }
};
