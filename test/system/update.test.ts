import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { cheapFolder } from '#test/support/cheap-folder.ts';
import { type SlotTerminal, slotTerminal } from '#test/support/slot-terminal.ts';
import { type Changes, makeReleases } from '#test/support/update-releases.ts';
import { serveRepository, type UpdateRepository } from '#test/support/update-repository.ts';

let home: string;
let installed: string;
let repository: UpdateRepository;
let terminal: SlotTerminal;

const CRASH = 'throw new Error("this release is broken");\n';
const GONE = "{ reader: 'absent', why: { fault: 'readerLost', detail: 'it is gone' } }";
const NO_READER = `{ ...port, state$: of(${GONE}) }`;

/** By version, how each differs from the release of this checkout. */
const LATER: Readonly<Record<string, Changes>> = {
  '1.2.0': { 'src/cli/main.ts': (text) => CRASH + text },
  '1.2.1': {
    'src/cli/main.ts': (text) =>
      `if (process.argv.includes('self-test')) process.exit(0);\n${CRASH}${text}`,
  },
  '1.2.2': {
    'src/cli/opening/open-in-process-reader.ts': (text) =>
      `import { of } from 'rxjs';\n${text}`.replace('    port,\n', `    port: ${NO_READER},\n`),
  },
  '1.2.3': {
    'src/uplink/network.ts': (text) => text.replace('merge(signOn$, echo$)', 'merge(EMPTY)'),
  },
  '1.3.0': {},
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'countertap-update-'));
  installed = cheapFolder('countertap-installed-', 700e6);
  await mkdir(join(home, 'bundles'));

  const releases = await makeReleases(join(home, 'bundles'));
  repository = await serveRepository(home);
  terminal = await slotTerminal(installed, {
    ...{ repository: repository.address, certificationAuthority: repository.authority },
    ...{ root: repository.root, probationMinutes: 0.05 },
    window: hoursFromNow(6),
  });
  await terminal.start(releases.first);
  const bundles = [await releases.derive('1.1.0')];
  for (const [version, changes] of Object.entries(LATER))
    bundles.push(await releases.deriveSmall(version, changes));
  await repository.add(bundles);
  await terminal.until(({ phase }) => phase === 'settled');
}, 600_000);

afterAll(async () => {
  await terminal?.close();
  await repository?.close();
  for (const folder of [home, installed]) await rm(folder, { recursive: true, force: true });
}, 60_000);

/** An hour of the day that isn't now, in UTC, which is where this shop is. */
const hoursFromNow = (hours: number) => {
  const hour = (more: number) =>
    `${String((new Date().getUTCHours() + more) % 24).padStart(2, '0')}:00`;
  return { from: hour(hours), to: hour(hours + 1) };
};

const SALE = { op: 'sale', amountMinor: 100, currency: 840 };
const tap = () => terminal.ask({ op: 'tap', card: 'visa-phone', holdMs: 40 });

/** Begins a payment; resolves when a card is awaited. */
const beginPayment = async () => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const ended = terminal.ask(SALE, () => resolve());
  await begun;
  return { result: async () => (await ended)?.['result'] as SaleResult };
};

const pay = async (): Promise<SaleResult> => {
  const { result } = await beginPayment();
  await tap();
  return result();
};

interface Running {
  readonly pid: number;
  readonly upkeep: { readonly version: string; readonly work: string; readonly waitsFor?: string };
}

const running = async () => (await terminal.ask({ op: 'status' })) as Running | undefined;
const runs = async (version: string): Promise<void> => {
  while ((await running())?.upkeep.version !== version) await sleep(100);
};

interface Downtime {
  /** From the last answer of the process that runs to the first one of the next. */
  readonly allMs: number;
  /** Until that process is gone; the rest is the launcher's and the next one's. */
  readonly endMs: number;
}

const downtime = async (): Promise<Downtime> => {
  const first = await running();
  let [lastMs, goneMs] = [performance.now(), 0];
  for (;;) {
    const now = await running();
    const atMs = performance.now();
    if (now?.pid === first?.pid) lastMs = atMs;
    else if (now !== undefined) return { allMs: atMs - lastMs, endMs: goneMs - lastMs };
    else if (goneMs === 0 && !isAlive(first?.pid)) goneMs = atMs;
    await sleep(5);
  }
};

const isAlive = (pid = 0): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What this machine takes at this moment to start Node and do nothing: the median of five. */
const bareStart = async (): Promise<number> => {
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const startMs = performance.now();
    await promisify(execFile)(process.execPath, ['-e', '0']);
    times.push(performance.now() - startMs);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
};

describe('from one release to the next, over HTTPS, while a payment is running', () => {
  it('it is fetched and tried while the old one sells, and waits for its hours', async () => {
    await repository.offer('1.1.0');
    const installing = terminal.countertap('a', 'update', 'install', '--json');
    expect(await pay()).toMatchObject({ status: 'approved' });
    const ordered = await installing;
    expect(ordered).toMatchObject({ code: 0 });
    expect(JSON.parse(ordered.stdout).outcome).toEqual({ outcome: 'ready', version: '1.1.0' });
    expect((await running())?.upkeep).toMatchObject({
      ...{ version: '1.0.0', work: 'ready', offered: '1.1.0', waitsFor: 'window' },
    });
  }, 300_000);

  it('what it consists of is compiled already', async () => {
    const files = await readdir(join(installed, 'state', 'compiled', 'b'), { recursive: true });
    expect(files.length).toBeGreaterThan(500);
  });

  it('the payment ends first, and the tap after it runs on the new release', async () => {
    const bareBeforeMs = await bareStart();
    const payment = await beginPayment();
    const ordered = await terminal.countertap('a', 'update', 'install', '--now');
    expect(ordered).toMatchObject({ code: 0 });
    expect((await running())?.upkeep).toMatchObject({
      ...{ version: '1.0.0', work: 'ready', waitsFor: 'payment' },
    });
    const down = downtime();
    await tap();
    expect(await payment.result()).toMatchObject({ status: 'approved' });
    const { allMs, endMs } = await down;
    const bareMs = Math.max(bareBeforeMs, await bareStart());
    const [all, end, bare] = [allMs, endMs, bareMs].map(Math.round);
    console.log(
      `downtime: ${all} ms, of them ${end} until the old one was gone; a bare Node: ${bare} ms`,
    );
    expect((await running())?.upkeep.version).toBe('1.1.0');
    expect(await pay()).toMatchObject({ status: 'approved' });
    // Other work on the machine slows down both.
    expect(allMs).toBeLessThanOrEqual(Math.max(3_000, 30 * bareMs));
  }, 300_000);

  it('the new one is kept when it has lasted its probation', async () => {
    expect(await terminal.until(({ phase }) => phase === 'settled')).toMatchObject({
      ...{ current: 'b', slots: { b: { version: '1.1.0' } } },
    });
  }, 60_000);

  it('the payments before it are in the journal of the new one', async () => {
    const { stdout } = await terminal.countertap('b', 'journal', 'list', '--json');
    expect(JSON.parse(stdout)).toHaveLength(3);
  });

  it('the order is in the record of what staff did', async () => {
    const { stdout } = await terminal.countertap('b', 'journal', 'export');
    expect(stdout).toMatch(/"action":"install update"/);
  });

  it('what runs is not fetched again', async () => {
    const { code, stdout } = await terminal.countertap('b', 'update', 'look', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).outcome).toEqual({ outcome: 'upToDate' });
  });
});

/** Orders a broken release, and waits until the one before runs again. */
const meets = async (version: string): Promise<string | null> => {
  await repository.offer(version);
  const ordered = await terminal.countertap('b', 'update', 'install', '--now');
  expect(ordered).toMatchObject({ code: 0 });
  const { reason, slots } = await terminal.until(({ phase }) => phase === 'rolledBack');
  expect(slots.b?.version).toBe('1.1.0');
  await runs('1.1.0');
  expect(await pay()).toMatchObject({ status: 'approved' });
  return reason;
};

describe('a release that is broken', () => {
  it('and says so itself is not switched to', async () => {
    await repository.offer('1.2.0');
    const before = await running();
    const ordered = await terminal.countertap('b', 'update', 'install', '--now');
    expect(ordered).toMatchObject({ code: 1 });
    expect(ordered.stderr).toMatch(/refused \(selfTest\)/);
    expect(await terminal.state()).toMatchObject({
      ...{ phase: 'rolledBack', current: 'b', slots: { a: null } },
      reason: 'selfTest: Error: this release is broken',
    });
    expect((await running())?.pid).toBe(before?.pid);
  }, 300_000);

  it('is not fetched again, and staff can see why', async () => {
    const looked = await terminal.countertap('b', 'update', 'look');
    expect(looked).toMatchObject({ code: 1 });
    expect(looked.stderr).toMatch(/1\.2\.0 is offered and failed here: selfTest/);
    const { stdout } = await terminal.countertap('b', 'update', 'status');
    expect(stdout).toMatch(
      /^runs {7}1\.1\.0, because the last update was left\nreason {5}selfTest/,
    );
  });

  it('and says that all is well, and crashes at its start, is left by the launcher', async () => {
    const reason = await meets('1.2.1');
    expect(reason).toMatch(/^countertap-1\.2\.1 was left after 3 starts that weren't healthy/);
  }, 300_000);

  it("and can't find the reader is left, because of it", async () => {
    await terminal.beHealthyWithin(3);
    const reason = await meets('1.2.2');
    expect(reason).toMatch(/1\.2\.2 was left after 3 starts.*no reader is found: it is gone/);
  }, 300_000);

  it('and gets no answer from the host is left, because of it', async () => {
    const reason = await meets('1.2.3');
    expect(reason).toMatch(/1\.2\.3 was left after 3 starts.*the host has not answered yet/);
  }, 300_000);
});

describe('staff', () => {
  const tar = () => join(home, 'stick.tar');

  it('installs from a stick, and it waits for its hours too', async () => {
    await terminal.beHealthyWithin(60);
    await repository.offer('1.3.0');
    const words = ['update', 'install', '--from', repository.folder, '--json'];
    const { code, stdout } = await terminal.countertap('b', ...words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).outcome).toEqual({ outcome: 'ready', version: '1.3.0' });
    expect((await running())?.upkeep).toMatchObject({ version: '1.1.0', waitsFor: 'window' });
  }, 300_000);

  it('has what is ready take over at once, as a tar has it too', async () => {
    await promisify(execFile)('tar', ['-cf', tar(), '-C', repository.folder, '.']);
    const ordered = await terminal.countertap('b', 'update', 'install', '--from', tar(), '--now');
    expect(ordered).toMatchObject({ code: 0 });
    await runs('1.3.0');
    expect(await pay()).toMatchObject({ status: 'approved' });
    await terminal.until(({ phase }) => phase === 'settled');
  }, 300_000);

  it('goes back from a release that has proved itself, and says why', async () => {
    const words = ['update', 'roll-back', '--why', 'its receipts are too long'];
    expect(await terminal.countertap('a', ...words)).toMatchObject({ code: 0 });
    await runs('1.1.0');
    expect(await terminal.state()).toMatchObject({
      ...{ phase: 'rolledBack', current: 'b' },
      reason: expect.stringMatching(/ordered it: its receipts are too long$/),
    });
    expect(await pay()).toMatchObject({ status: 'approved' });
  }, 60_000);

  it('orders it again, from the tar, while no terminal runs: the next start is its', async () => {
    await terminal.close();
    const ordered = await terminal.countertap('b', 'update', 'install', '--from', tar());
    expect(ordered).toMatchObject({ code: 0 });
    expect(ordered.stdout).toMatch(/^runs {7}1\.3\.0, from the next start on/);
    terminal.launch();
    await runs('1.3.0');
    expect(await pay()).toMatchObject({ status: 'approved' });
    await terminal.until(({ phase }) => phase === 'settled');
  }, 300_000);
});
