import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { type SlotTerminal, slotTerminal } from '#test/support/slot-terminal.ts';
import { type Changes, makeReleases, type Releases } from '#test/support/update-releases.ts';
import { serveRepository, type UpdateRepository } from '#test/support/update-repository.ts';

let home: string;
let releases: Releases;
let repository: UpdateRepository;
let terminal: SlotTerminal;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'countertap-update-'));
  await mkdir(join(home, 'bundles'));
  releases = await makeReleases(join(home, 'bundles'));
  repository = await serveRepository(home);
  terminal = await slotTerminal(home, {
    ...{ repository: repository.address, certificationAuthority: repository.authority },
    ...{ root: repository.root, probationMinutes: 0.05, healthyWithinSeconds: 4 },
    window: { from: '00:00', to: '00:00' },
  });
  await terminal.start(releases.first);
  await terminal.until(({ phase }) => phase === 'settled');
}, 600_000);

afterAll(async () => {
  await terminal?.close();
  await repository?.close();
  await rm(home, { recursive: true, force: true });
}, 60_000);

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

/** From the last answer of the process that runs to the first one of the next. */
const downtime = async (): Promise<number> => {
  const first = await running();
  let lastMs = performance.now();
  for (;;) {
    const now = await running();
    const atMs = performance.now();
    if (now?.pid === first?.pid) lastMs = atMs;
    else if (now !== undefined) return atMs - lastMs;
    await sleep(5);
  }
};

describe('from one release to the next, over HTTPS, while a payment is running', () => {
  it('the payment ends first, and the tap after it runs on the new release', async () => {
    await repository.offer('1.1.0', await releases.derive('1.1.0'));
    const payment = await beginPayment();
    const ordered = await terminal.countertap('a', 'update', 'install', '--now', '--json');
    expect(ordered).toMatchObject({ code: 0 });
    expect(JSON.parse(ordered.stdout).outcome).toEqual({ outcome: 'ready', version: '1.1.0' });
    expect((await running())?.upkeep).toMatchObject({
      ...{ version: '1.0.0', work: 'ready', waitsFor: 'payment' },
    });
    const down = downtime();
    await tap();
    expect(await payment.result()).toMatchObject({ status: 'approved' });
    const downMs = Math.round(await down);
    console.log(`downtime: ${downMs} ms`);
    expect(downMs).toBeLessThanOrEqual(3_000);
    await runs('1.1.0');
    expect(await pay()).toMatchObject({ status: 'approved' });
    expect(await terminal.until(({ phase }) => phase === 'settled')).toMatchObject({
      ...{ current: 'b', slots: { b: { version: '1.1.0' } } },
    });
  }, 300_000);

  it('the payment before it is in the journal of the new one', async () => {
    const { stdout } = await terminal.countertap('b', 'journal', 'list', '--json');
    expect(JSON.parse(stdout)).toHaveLength(2);
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
const meets = async (version: string, changes: Changes): Promise<string | null> => {
  await repository.offer(version, await releases.deriveSmall(version, changes));
  const ordered = await terminal.countertap('b', 'update', 'install', '--now');
  expect(ordered).toMatchObject({ code: 0 });
  const { reason, slots } = await terminal.until(({ phase }) => phase === 'rolledBack');
  expect(slots.b?.version).toBe('1.1.0');
  await runs('1.1.0');
  expect(await pay()).toMatchObject({ status: 'approved' });
  return reason;
};

const CRASH = 'throw new Error("this release is broken");\n';

describe('a release that is broken', () => {
  it('and says so itself is not switched to', async () => {
    const changes = { 'src/cli/main.ts': (text: string) => CRASH + text };
    await repository.offer('1.2.0', await releases.deriveSmall('1.2.0', changes));
    const before = await running();
    const ordered = await terminal.countertap('b', 'update', 'install', '--now');
    expect(ordered).toMatchObject({ code: 1 });
    expect(ordered.stderr).toMatch(/refused \(selfTest\)/);
    expect(await terminal.state()).toMatchObject({
      ...{ phase: 'rolledBack', current: 'b', slots: { a: null } },
      reason: expect.stringMatching(/^selfTest: /),
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

  it('and crashes at its start is left by the launcher', async () => {
    const reason = await meets('1.2.1', {
      'src/main.ts': (text) => text.replace('  const { configuration } = options;', `  ${CRASH}$&`),
    });
    expect(reason).toMatch(/^countertap-1\.2\.1 was left after 3 starts that weren't healthy/);
  }, 300_000);

  it("and can't find the reader is left, because of it", async () => {
    const reason = await meets('1.2.2', {
      'src/cli/open-in-process-reader.ts': (text) =>
        `import { of } from 'rxjs';\n${text}`.replace('    port,\n', `    port: ${NO_READER},\n`),
    });
    expect(reason).toMatch(/1\.2\.2 was left after 3 starts.*no reader is found: it is gone/);
  }, 300_000);

  it('and gets no answer from the host is left, because of it', async () => {
    const reason = await meets('1.2.3', {
      'src/uplink/network.ts': (text) => text.replace('merge(signOn$, echo$)', 'merge(EMPTY)'),
    });
    expect(reason).toMatch(/1\.2\.3 was left after 3 starts.*the host has not answered yet/);
  }, 300_000);
});

const NO_READER =
  "{ ...port, state$: of({ reader: 'absent', why: { fault: 'readerLost', detail: 'it is gone' } }) }";
