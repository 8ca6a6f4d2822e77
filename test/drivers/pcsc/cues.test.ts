import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader, Cue } from '#ports/card-reader.ts';
import type { Log } from '#ports/log.ts';
import { cardIs, never, silencedIs, succeeded } from '#test/ports/card-reader-suite.ts';
import type { Asked } from '#test/support/winscard-messages.ts';
import { type ScriptedService, startScriptedService } from './scripted-service.ts';

const ACR122U = 'ACS ACR122U PICC Interface 00 00';
const ACR1252U = 'ACS ACR1252 1S CL Reader PICC 00 00';
const OMNIKEY = 'HID Global OMNIKEY 5022 Smart Card Reader 00 00';

// ACR122U, by its manual: green on and red off, both off, and green or red with its beeps.
const IDLE = 'control FF00400E0400000000';
const OUT = 'control FF00400C0400000000';
const SUCCESS = 'control FF00400E0402000101';
const ERROR = 'control FF00400D0401010201';

/** Longer than a cue waits for the next one. */
const LONG_MS = 250;

let service: ScriptedService;
let reader: CardReader;
let lines: string[];
const note = (fields: object, text?: string): void => {
  lines.push(`${text} ${JSON.stringify(fields)}`);
};
const log: Log = { debug() {}, info() {}, warn: note, error: note };

beforeEach(async () => {
  service = await startScriptedService();
  service.answerEscapes(obedient);
  lines = [];
  reader = openPcscReader({ log, socketPath: service.socketPath });
});
afterEach(async () => {
  await reader.close();
  await service.close();
});

const obedient = (command: string): string => {
  if (command.startsWith('E0')) return 'E1000000010000';
  if (command.startsWith('FF0051')) return `90${command.slice(6, 8)}`;
  return command.startsWith('FF0040') ? '9002' : 'D5339000';
};

const words = (asked: Asked): string => {
  if (asked.kind === 'connect') return `connect ${asked.share}`;
  if (asked.kind === 'disconnect') return `disconnect ${asked.disposition}`;
  return 'command' in asked ? `${asked.kind} ${asked.command}` : asked.kind;
};
const asked = (): readonly string[] => service.asked().map(words);
const askedIs = (...expected: readonly string[]): Promise<void> =>
  expect.poll(asked, { timeout: 5000 }).toEqual(expected);
const direct = (...controls: string[]): readonly string[] => [
  'connect direct',
  ...controls,
  'disconnect leave',
];
const plug = async (name: string, card: 'absent' | 'present' = 'absent'): Promise<void> => {
  await service.show([{ name, card }]);
  await cardIs(reader, card);
};
const signal = (cue: Cue): void => reader.signal?.(cue);
const complaints = () => lines.filter((line) => line.includes('nothing of its own'));

describe('a reader with lights and a buzzer', () => {
  test.each([
    [ACR122U, 'idle', [IDLE]],
    [ACR122U, 'success', [SUCCESS]],
    [ACR122U, 'error', [ERROR]],
    [ACR1252U, 'idle', ['control E00000290102']],
    [ACR1252U, 'success', ['control E00000290102', 'control E00000280114']],
    [ACR1252U, 'error', ['control E00000290101', 'control E00000280132']],
  ] as const)('%s tells %s, and puts its lights out when it is closed', async (name, cue, sent) => {
    await plug(name);
    signal(cue);
    await askedIs(...direct(...sent));
    await reader.close();
    const out = name === ACR122U ? OUT : 'control E00000290100';
    expect(asked()).toEqual([...direct(...sent), ...direct(out)]);
  });

  test('tells the last of several cues, and the same steady one once', async () => {
    await plug(ACR122U);
    for (const cue of ['idle', 'success', 'off', 'error', 'idle'] as const) signal(cue);
    await askedIs(...direct(IDLE));
    signal('idle');
    await sleep(LONG_MS);
    signal('success');
    await askedIs(...direct(IDLE), ...direct(SUCCESS));
  });

  test('is told nothing when a payment is about to wait for a card', async () => {
    await plug(ACR122U);
    signal('off');
    signal('ready');
    await sleep(LONG_MS);
    signal('processing');
    await sleep(LONG_MS);
    expect(asked()).toEqual([]);
  });

  test('that comes later, or comes again, is told that the shop is open', async () => {
    signal('idle');
    await plug(ACR122U);
    await askedIs(...direct(IDLE));
    await service.show([]);
    await plug(ACR122U);
    await askedIs(...direct(IDLE), ...direct(IDLE));
  });
});

describe('a card', () => {
  test('that is waited for, comes and is powered up has no cue in its way', async () => {
    await plug(ACR122U);
    const activation = reader.activate(never);
    signal('error');
    await sleep(LONG_MS);
    await service.show([{ name: ACR122U, card: 'present' }]);
    succeeded(await activation);
    signal('processing');
    signal('success');
    await sleep(LONG_MS);
    expect(asked()).toEqual(['connect exclusive']);
    await reader.fieldOff(0);
    await askedIs('connect exclusive', 'disconnect unpower', ...direct(SUCCESS));
  });

  test('that nobody waits for any more makes way for what is to be told', async () => {
    await plug(ACR122U);
    const stop = new AbortController();
    const activation = reader.activate(stop.signal);
    signal('idle');
    await sleep(LONG_MS);
    expect(asked()).toEqual([]);
    stop.abort();
    await activation;
    await askedIs(...direct(IDLE));
  });
});

describe('a shop that is silent', () => {
  test('has its lights out and hears nothing until it speaks again', async () => {
    await plug(ACR122U);
    signal('idle');
    await askedIs(...direct(IDLE));
    await reader.silence(true);
    await silencedIs(reader, true);
    await expect.poll(asked).toContain(OUT);
    const before = asked();
    expect(before.indexOf(OUT)).toBeGreaterThan(before.indexOf('control FF00000004D4320100'));
    for (const cue of ['success', 'error', 'off', 'idle'] as const) {
      signal(cue);
      await sleep(LONG_MS);
    }
    expect(asked()).toEqual(before);
    await reader.silence(false);
    await expect.poll(() => asked().slice(-3)).toEqual(direct(IDLE));
  });

  test('does not tell afterwards how a payment ended before', async () => {
    await plug(ACR122U);
    signal('success');
    await reader.silence(true);
    await silencedIs(reader, true);
    await sleep(LONG_MS);
    await reader.silence(false);
    await sleep(LONG_MS);
    expect(asked().filter((each) => each.startsWith('control FF0040'))).toEqual([]);
  });
});

describe('a reader that shows nothing', () => {
  test('because it refuses is asked no more, and that is logged once', async () => {
    service.answerEscapes(() => 'refused');
    await plug(ACR122U);
    signal('idle');
    await askedIs(...direct(IDLE));
    await expect.poll(complaints).toHaveLength(1);
    for (const cue of ['error', 'success', 'idle'] as const) {
      signal(cue);
      await sleep(LONG_MS);
    }
    expect(asked()).toEqual(direct(IDLE));
    // Another may hang there now: it is asked, and what it answers is known already.
    await service.show([]);
    await plug(ACR122U);
    await askedIs(...direct(IDLE), ...direct(IDLE));
    expect(complaints()).toHaveLength(1);
  });

  test('because it has no command that we know is not even connected to', async () => {
    await plug(OMNIKEY);
    signal('idle');
    await sleep(LONG_MS);
    signal('error');
    await sleep(LONG_MS);
    expect(asked()).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  test('because it hangs holds up a card once, as one that hangs on silence does', async () => {
    service.answerEscapes(() => 'mute');
    await plug(ACR122U);
    signal('idle');
    await askedIs('connect direct', IDLE);
    const startedMs = performance.now();
    const activation = reader.activate(never);
    await service.show([{ name: ACR122U, card: 'present' }]);
    succeeded(await activation);
    // A second for the answer, then a new process; a busy machine may need longer.
    expect(performance.now() - startedMs).toBeLessThan(4000);
    await reader.fieldOff(0);
    signal('success');
    await sleep(LONG_MS);
    const unhung = ['connect direct', IDLE, 'connect exclusive', 'disconnect unpower'];
    expect(asked()).toEqual(unhung);
    expect(complaints()).toHaveLength(1);
  });
});
