import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { listCards, verifyCryptogram } from '#drivers/simulated/index.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import {
  emulatedCard,
  offlineTerminal,
  onlineTerminal,
  type Tapped,
  tapCard,
} from '#test/support/emulated-tap.ts';
import { EXPECTED } from './expected-outcomes.ts';

const OFFLINE = offlineTerminal();
const ONLINE = onlineTerminal();

const LOW = 1250;
/** Above the amount from which the holder is to be verified, and below the floor limit. */
const HIGH = 7500;

/** "approved, signature, message 1A", and what offline data authentication came to. */
const wordsFor = ({ outcome, end }: Tapped): string => {
  const { outcome: name, cvm, uiOnOutcome, report } = outcome;
  const message = uiOnOutcome?.messageId ?? end.state.retainedUi?.messageId;
  const shown = message == null ? '' : `, message ${message}`;
  const checked = /^(CDA|fDDA) (succeeded|failed)/.exec(report?.oda ?? '');
  return `${name}, ${cvm}${shown}${checked === null ? '' : `, ${checked[0]}`}`;
};

describe('each card shows the outcome that it is for', () => {
  test('and none is forgotten', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(listCards());
  });

  test.each(Object.entries(EXPECTED))('%s', (name, [low, high, online, why]) => {
    const atLow = tapCard(name, OFFLINE, { amount: LOW });
    expect(wordsFor(atLow)).toBe(low);
    expect(wordsFor(tapCard(name, OFFLINE, { amount: HIGH }))).toBe(high);
    expect(wordsFor(tapCard(name, ONLINE, { amount: LOW }))).toBe(online);
    if (why !== undefined) expect(JSON.stringify(atLow.outcome)).toContain(why);
  });
});

/** The issuer's answer to what the terminal would send it. */
const asIssuer = ({ dataRecord }: Outcome) => {
  const elements = new Map(dataRecord.map(({ tag: key, value }) => [key, value]));
  const [pan = ''] = toHex(elements.get(tag.track2EquivalentData) ?? new Uint8Array()).split('D');
  const psn = elements.get(tag.applicationPanSequenceNumber);
  return verifyCryptogram(elements, pan, psn && toHex(psn));
};

const paying = (where: 'offline' | 'online') =>
  Object.entries(EXPECTED)
    .filter(([, row]) => /^(approved|onlineRequest)/.test(where === 'offline' ? row[0] : row[2]))
    .map(([name]) => name);

describe('the issuer knows the cryptogram', () => {
  test.each(paying('online'))('of %s at the shipped terminal', (name) => {
    const { outcome } = tapCard(name, ONLINE, { amount: LOW });
    expect(outcome.outcome).toBe('onlineRequest');
    expect(asIssuer(outcome)).toMatchObject({ ok: true });
  });

  test.each(paying('offline'))('of %s at a terminal that pays offline', (name) => {
    expect(asIssuer(tapCard(name, OFFLINE, { amount: LOW }).outcome)).toMatchObject({ ok: true });
  });
});

describe('a locked phone', () => {
  test.each(
    ['visa', 'mastercard', 'amex', 'jcb', 'discover', 'unionpay'].map(
      (one) => `${one}-phone-locked`,
    ),
  )('%s pays with the second tap, and asks again for the next payment', (name) => {
    const card = emulatedCard(name);
    const first = tapCard(name, ONLINE, { amount: 12_000, card });
    expect(first.outcome.outcome).not.toBe('onlineRequest');
    const second = tapCard(name, ONLINE, { amount: 12_000, card });
    expect(wordsFor(second)).toMatch(/^onlineRequest, confirmationCodeVerified/);
    expect(asIssuer(second.outcome)).toMatchObject({ ok: true });
    const third = tapCard(name, ONLINE, { amount: 12_000, card });
    expect(third.outcome.outcome).not.toBe('onlineRequest');
  });

  test('shows See Phone, and the phone nobody looks at shows it again', () => {
    const card = emulatedCard('visa-phone-see-phone');
    for (const _ of [1, 2]) {
      const { end, card: same } = tapCard('visa-phone-see-phone', ONLINE, { amount: 12_000, card });
      expect(end.end).toBe('cardTimeout');
      expect(same.activity.at(-1)).toEqual({ command: 'GET PROCESSING OPTIONS', sw: 0x6986 });
    }
  });
});

describe('whatever card is torn away or falls silent, at whatever command', () => {
  test.each(listCards())('%s pays nothing', (name) => {
    const whole = tapCard(name, OFFLINE, { amount: LOW }).commands.length;
    for (const failure of ['tear', 'mute'] as const) {
      for (let at = 0; at < whole; at++) {
        const { outcome } = tapCard(name, OFFLINE, {
          amount: LOW,
          between: (_, answer, index) => (index === at ? failure : answer),
        });
        const label = `${failure} at command ${at + 1}: ${outcome.outcome}`;
        expect(label).toMatch(/: (tryAgain|endApplication)$/);
      }
    }
  });
});

test('a tap with a signature takes a card a few milliseconds at most', () => {
  for (const name of ['visa-plastic-offline', 'mastercard-phone-offline']) {
    const card = emulatedCard(name);
    const durations = Array.from({ length: 30 }, () => {
      const startedMs = performance.now();
      tapCard(name, OFFLINE, { amount: LOW, card });
      return performance.now() - startedMs;
    }).sort((a, b) => a - b);
    expect(durations[15]).toBeLessThan(20);
  }
});
