import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

// Perl, which each Debian has, plays systemd: a datagram socket, as NOTIFY_SOCKET names it. What is
// sent along to be closed (BARRIER=1) is closed by not being taken. sd_notify(3)
const RECEIVE =
  'use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;' +
  'bind(S, sockaddr_un($ARGV[0])) or die; while (defined recv(S, $m, 65536, 0)) { print "$m\n" }';

let folder: string;
let manager: ChildProcess;
let heard = '';
let terminal: RunningTerminal;
let metricsUrl: string;

const WATCHDOG_MS = 1_500;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-notify-'));
  const socket = join(folder, 'notify');
  manager = spawn('perl', ['-e', RECEIVE, socket], { stdio: 'pipe' });
  manager.stdout?.on('data', (piece: Buffer) => {
    heard += piece.toString();
  });
  while (!existsSync(socket)) await sleep(10);
  process.env['NOTIFY_SOCKET'] = socket;
  process.env['WATCHDOG_USEC'] = String(WATCHDOG_MS * 1000);
  const port = await freePort();
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  terminal = await runTerminal({ reader: 'in-process', config: { metrics: { port } } });
});

afterAll(async () => {
  await terminal?.close();
  manager.kill();
  await once(manager, 'exit');
  await rm(folder, { recursive: true, force: true });
});

const hears = async (what: RegExp): Promise<void> => {
  while (!what.test(heard)) await once(manager.stdout ?? manager, 'data');
};

const scraped = async (): Promise<ReadonlyMap<string, number>> => {
  const text = await (await fetch(metricsUrl)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
};

test('the terminal says that it is ready, and then that it lives', async () => {
  await hears(/READY=1\nSTATUS=ready for a tap/);
  await hears(/WATCHDOG=1\nSTATUS=ready for a tap/);
});

test('a terminal that hangs says nothing, and lives again when it goes on', async () => {
  process.kill(terminal.pid, 'SIGSTOP');
  // What was said before has arrived after this; then as long as systemd would wait.
  await sleep(WATCHDOG_MS / 3);
  heard = '';
  await sleep(WATCHDOG_MS);
  expect(heard).not.toContain('WATCHDOG=1');
  process.kill(terminal.pid, 'SIGCONT');
  await hears(/WATCHDOG=1/);
});

test('metrics follow payments that are taken while they are scraped', async () => {
  const before = await scraped();
  expect(before.get('countertap_reader_present')).toBe(1);
  expect(before.get('countertap_contactless_accepted')).toBe(1);
  const paying = Promise.all([scraped(), terminal.pay('visa-phone'), scraped()]);
  expect((await paying)[1]).toMatchObject({ status: 'approved' });
  await terminal.pay('mastercard-declines');
  const after = await scraped();
  const payments = (status: string, scheme: string) =>
    after.get(
      `countertap_payments_total{status="${status}",kind="purchase",` +
        `scheme="${scheme}",entry="contactless"}`,
    );
  expect(payments('approved', 'Visa')).toBe(1);
  expect(payments('declined', 'Mastercard')).toBe(1);
  expect(after.get('countertap_tap_duration_seconds_count')).toBe(2);
  expect(after.get('countertap_host_round_trip_seconds_count')).toBeGreaterThan(0);
  expect(after.get('countertap_host_link_up')).toBe(1);
  expect(after.get('countertap_journal_size_bytes')).toBeGreaterThan(1000);
  expect(after.get('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0);
});

test('a terminal that is stopped says so', async () => {
  await terminal.end('SIGTERM');
  await hears(/STOPPING=1/);
});
