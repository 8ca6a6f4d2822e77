import { beforeEach, expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import {
  createFaultPlan,
  type FaultTarget,
  respond,
} from '#drivers/simulated/acquirer/fault-plan.ts';
import { type FaultName, faults, type Wire } from '#drivers/simulated/acquirer/faults.ts';
import { createSpeech } from '#drivers/simulated/acquirer/speech.ts';
import { type Message, text } from '#iso8583/index.ts';
import { type Desk, openDesk, paying, reconciling, reversing, START_MS } from './messages.ts';

const dialect = 'iso8583-1987-ascii';
const wallMs = () => START_MS;
const macKey = new Uint8Array(16).fill(7);
const speech = createSpeech({ dialect, wallMs, macKey });

/** A wire that only remembers. */
const playedWire = () => {
  const happened: string[] = [];
  const sent: Uint8Array[] = [];
  const raw = (bytes: Uint8Array) => {
    happened.push('sent');
    sent.push(bytes);
  };
  const wire: Wire = {
    encoded: speech.encoded,
    framed: speech.framed,
    raw,
    send: (message) => raw(speech.framed(speech.encoded(message))),
    drop: () => happened.push('dropped'),
    restart: () => happened.push('restarted'),
    pause: async (ms) => void happened.push(`paused ${ms}`),
    lateMs: 9,
  };
  const answers = () =>
    sent.map((bytes) => {
      const cut = speech.split(new Uint8Array(), bytes);
      if (isMalformed(cut)) throw new Error(cut.problem);
      const [whole] = cut.messages;
      return whole === undefined ? 'incomplete' : speech.read(whole);
    });
  return { wire, happened, answers };
};

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});

const struck = async (name: FaultName, request: Message = paying(1250)) => {
  const played = playedWire();
  await respond(request, desk.host, faults[name], played.wire);
  return { ...played, request };
};

test.each([
  ['late', ['paused 9', 'sent'], 1],
  ['silent', [], 1],
  ['duplicate', ['sent', 'sent'], 1],
  ['wrong-id', ['sent'], 1],
  ['wrong-amount', ['sent'], 1],
  ['wrong-mti', ['sent'], 1],
  ['wrong-mac', ['sent'], 1],
  ['malformed', ['sent'], 1],
  ['half-sent', ['sent', 'dropped'], 1],
  ['drop-before-record', ['dropped'], 0],
  ['drop-after-record', ['dropped'], 1],
  ['restart', ['restarted'], 1],
] as const)('%s: this happens on the wire, and %# is booked', async (name, expected, booked) => {
  const { happened } = await struck(name);
  expect(happened).toEqual(expected);
  expect(desk.ledger.counts().payments).toBe(booked);
});

test('every fault has its row in these tests', () => {
  expect(Object.keys(faults)).toHaveLength(12);
});

test('an answer that is wrong in one thing is right in all others', async () => {
  const good = await desk.ask(paying(1250, { stan: 7001 }));
  const wrong = async (name: FaultName) => {
    desk = openDesk();
    const [answer] = (await struck(name, paying(1250, { stan: 7001 }))).answers();
    if (answer === undefined || answer === 'incomplete' || isMalformed(answer)) return answer;
    return answer;
  };
  const withField = (number: number, value: string) => ({
    ...good,
    fields: new Map([...good.fields, [number, value]]),
  });
  expect(await wrong('wrong-id')).toEqual(withField(11, '007002'));
  expect(await wrong('wrong-amount')).toEqual(withField(4, '000000001251'));
  expect(await wrong('wrong-mti')).toEqual({ ...good, mti: '0210' });
  expect(await wrong('wrong-mac')).toMatchObject({ path: ['MAC'] });
  expect(await wrong('malformed')).toMatchObject({ path: ['MAC'] });
  expect(await wrong('half-sent')).toBe('incomplete');
  expect(await wrong('duplicate')).toEqual(good);
});

test.each([
  ['payment', ['0100', '0101', '0200']],
  ['advice', ['0120', '0220', '0221']],
  ['reversal', ['0400', '0401', '0420']],
  ['reconciliation', ['0500', '0501']],
  ['network', ['0800', '0801']],
  ['any', ['0100', '0220', '0400', '0500', '0800']],
] as const)('a fault on %s strikes these and no others', (on: FaultTarget, hit) => {
  const all = ['0100', '0101', '0120', '0200', '0220', '0221', '0400', '0401', '0420'];
  const plan = createFaultPlan();
  for (const mti of [...all, '0500', '0501', '0800', '0801']) {
    plan.order({ name: 'silent', times: 1, on });
    const expected = on === 'any' || (hit as readonly string[]).includes(mti);
    expect(plan.take({ mti, fields: new Map() }) !== undefined, mti).toBe(expected);
  }
});

test('a fault strikes as often as it was ordered, and other messages do not count', () => {
  const plan = createFaultPlan();
  plan.order({ name: 'silent', times: 2, on: 'reversal' });
  const reversal = reversing(paying(1250));
  expect(plan.take(paying(1250))).toBeUndefined();
  expect(plan.take(reversal)).toBe(faults.silent);
  expect(plan.next()).toEqual({ name: 'silent', times: 1, on: 'reversal' });
  expect(plan.take(reversal)).toBe(faults.silent);
  expect(plan.take(reversal)).toBeUndefined();
  plan.order({ name: 'late', times: 1, on: 'any' });
  plan.order(undefined);
  expect(plan.take(reversal)).toBeUndefined();
});

test.each([
  ['reversal', () => reversing(paying(1250)), '0110'],
  ['reconciliation', () => reconciling([0, 0]), '0810'],
  ['network', () => ({ mti: '0800', fields: new Map([[70, '301']]) }), '0510'],
] as const)('a %s can be answered by another class, too', async (_, request, mti) => {
  const { answers } = await struck('wrong-mti', request());
  expect(answers()).toMatchObject([{ mti }]);
});

test('an answer without an amount has no wrong one', async () => {
  const { answers } = await struck('wrong-amount', reconciling([0, 0]));
  const [answer] = answers();
  expect(answer === undefined || answer === 'incomplete' || isMalformed(answer)).toBe(false);
});

test('a slow host holds back what it has booked already', async () => {
  const { wire, happened, answers } = playedWire();
  await respond(paying(1250), desk.host, undefined, wire, 500);
  expect(happened).toEqual(['paused 500', 'sent']);
  const [answer] = answers();
  expect(answer).toMatchObject({ mti: '0110' });
  expect(text(answer as Message, 39)).toBe('00');
});
