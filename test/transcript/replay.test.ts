import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Kernel, KernelInput } from '#kernels/shared/kernel.ts';
import { outcome, reason } from '#kernels/shared/outcome.ts';
import { exchange } from '#kernels/shared/step.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { readerWith } from '#test/support/direct-activation.ts';
import { entry, fci, OTHER, ppse, SELECT_PPSE } from '#test/support/lab-port.ts';
import {
  newTape,
  type Order,
  parseTranscript,
  printTranscript,
  recorded,
  replay,
  resultJson,
  type Transcript,
  transcriptOf,
} from '#transcript/index.ts';

const HEAD = `config: base
clock: 2026-01-31T12:34:56Z
random: 0102030405
transaction: type=00 amount=200 other=0 currency=0840
`;
const SELECTION = `> ${SELECT_PPSE}
< ${ppse(entry({ name: OTHER }))}
> 00A4040007${OTHER}00
< ${fci(OTHER)}
`;

const parsed = (text: string): Transcript => {
  const transcript = parseTranscript(text);
  if (isMalformed(transcript)) throw new Error(`${transcript.path}: ${transcript.problem}`);
  return transcript;
};

const run = (text: string, reader: ReaderConfiguration = readerWith({}), order: Order = 'strict') =>
  replay(parsed(HEAD + text), reader, { order, microseconds: () => 0 });

/** A reader whose kernel sends GPO and ends as its answer's status word says. */
const gpoReader = (inputs: KernelInput[] = []): ReaderConfiguration => {
  const kernel: Kernel = function* (input) {
    inputs.push(input);
    const answer = yield* exchange(hex('80A8000002830000'));
    if ('fault' in answer) return outcome('tryAgain', { start: 'B', why: [reason(answer.fault)] });
    if (answer.sw === 0x6986) {
      return outcome('tryAgain', { start: 'B', uiOnOutcome: uiRequest('20', 'processingError') });
    }
    return outcome('onlineRequest', {
      cvm: 'noCvm',
      ...(input.issuerData ? {} : { start: 'B', onlineResponseType: 'emvData' }),
      dataRecord: [{ tag: 0x9f26, value: answer.data }],
      discretionaryData: [{ tag: 0x9f5d, value: hex('000000000100') }],
      report: { tvr: hex('0000008000'), tsi: hex('E800'), oda: 'fDDA succeeded' },
      why: [reason('the card asked to go online', 0x9f27)],
    });
  };
  return readerWith({ kernels: new Map([['22', kernel]]) });
};
const GPO = '> 80A8000002830000\n';

describe('a transcript runs through Entry Point and kernel', () => {
  test('to its outcome', () => {
    const { checks, end, exchanges, left } = run(`${SELECTION}= approved\n`);
    expect(end.end).toBe('outcome');
    expect(checks.map(({ holds }) => holds)).toEqual([true]);
    expect([exchanges.length, left]).toEqual([2, 0]);
  });

  test.each<[line: string, holds: boolean]>([
    ['onlineRequest', true],
    ['onlineRequest cvm=noCvm', true],
    ['onlineRequest cvm=onlinePin', false],
    ['onlineRequest start=B onlineResponseType=emvData receipt=false', true],
    ['onlineRequest fieldOffMs=none removalTimeoutMs=0 alternateInterface=none', true],
    ['onlineRequest uiOnOutcome=none uiOnRestart=none', true],
    ['onlineRequest uiOnOutcome=1B', false],
    ['approved', false],
    ['9F26 1122334455667788', true],
    ['9F26 1122334455667789', false],
    ['9F5D 000000000100', true],
    ['95 0000008000', true],
    ['9B E800', true],
    ['9F10 00', false],
  ])('and "= %s" holds: %s', (line, holds) => {
    const { checks } = run(`${SELECTION}${GPO}< 11223344556677889000\n= ${line}\n`, gpoReader());
    expect(checks.map((one) => one.holds)).toEqual([holds]);
  });

  test('with clock, random bytes and transaction of its header', () => {
    const inputs: KernelInput[] = [];
    run(`${SELECTION}${GPO}< 9000\n`, gpoReader(inputs));
    expect(inputs[0]?.transaction).toMatchObject({ amountAuthorised: 200, currency: 840 });
    expect(toHex(inputs[0]?.unpredictableNumber ?? hex(''))).toBe('01020304');
    expect(toHex(inputs[0]?.terminal.get(0x9a) ?? hex(''))).toBe('260131');
    expect(toHex(inputs[0]?.terminal.get(0x9f21) ?? hex(''))).toBe('123456');
  });

  test('with its overrides before all that is configured', () => {
    const inputs: KernelInput[] = [];
    const combination = { aid: hex(OTHER), kernelId: '22', entryPoint: { ttq: hex('00000000') } };
    const reader = {
      ...gpoReader(inputs),
      combinations: new Map([[0, [{ ...combination, data: new Map([[0x9f1a, hex('0056')]]) }]]]),
    };
    run(
      `set 9F66: 24004000\nset 9F1A: 0840\nset 9F1B: 00000064\n${SELECTION}${GPO}< 9000\n`,
      reader,
    );
    expect(toHex(inputs[0]?.preprocessing.ttq ?? hex(''))).toBe('24804000');
    expect(inputs[0]?.preprocessing.readerContactlessFloorLimitExceeded).toBe(true);
    expect(toHex(inputs[0]?.terminal.get(0x9f1a) ?? hex(''))).toBe('0840');
  });

  test('with its overrides before what the header says', () => {
    const inputs: KernelInput[] = [];
    run(`set 9F41: 00001234\n${SELECTION}${GPO}< 9000\n`, gpoReader(inputs));
    expect(toHex(inputs[0]?.terminal.get(0x9f41) ?? hex(''))).toBe('00001234');
    expect(toHex(inputs[0]?.terminal.get(0x9f21) ?? hex(''))).toBe('123456');
  });

  test('with its keys beside those that are configured', () => {
    const inputs: KernelInput[] = [];
    const modulus = `${'AB'.repeat(127)}01`;
    run(`capk A000000003 92: e=03 n=${modulus}\n${SELECTION}${GPO}< 9000\n`, gpoReader(inputs));
    const keys = inputs[0]?.authentication?.caKeys;
    expect(keys?.find(hex('A000000003'), 0x92)).toBeDefined();
    expect(keys?.find(hex('A000000003'), 0x94)).toBeUndefined();
  });

  test('and Try Again at its end is what came out', () => {
    const { end } = run(`${SELECTION}${GPO}< 6986\n`, gpoReader());
    expect(end).toMatchObject({ end: 'outcome', outcome: { outcome: 'tryAgain' } });
  });

  test('over a second tap after Try Again', () => {
    const two = `${SELECTION}${GPO}< 6986\n${SELECTION}${GPO}< 9000\n`;
    const { end, left } = run(two, gpoReader());
    expect([left, end]).toMatchObject([0, { outcome: { outcome: 'onlineRequest' } }]);
  });

  test.each(['timeout', 'transmission', 'protocol', 'removed'])('and over %s', (fault) => {
    const { end } = run(
      `> ${SELECT_PPSE}\n! ${fault}\n${SELECTION}${GPO}! ${fault}\n`,
      gpoReader(),
    );
    const why = [{ why: fault === 'removed' ? 'timeout' : fault }];
    expect(end).toMatchObject({ outcome: { outcome: 'tryAgain', why } });
  });

  test('and waits for a card when selection was torn at its end', () => {
    const { checks, end } = run(`> ${SELECT_PPSE}\n! timeout\n= endApplication\n`);
    expect([end.end, checks[0]?.holds]).toEqual(['noCard', false]);
    expect(resultJson(end)).toMatchObject({ error: { code: 'cardTimeout' } });
  });

  test('up to a command that is not in it, and shows both', () => {
    const { checks, end } = run(
      `${SELECTION}> 80A8000003830100\n< 9000\n= approved\n`,
      gpoReader(),
    );
    expect(end).toEqual({
      end: 'unexpectedCommand',
      sent: hex('80A8000002830000'),
      expected: hex('80A8000003830100'),
    });
    expect(checks[0]?.holds).toBe(false);
    expect(JSON.stringify(resultJson(end))).toContain(
      'sent 80A8000002830000, expected 80A8000003830100',
    );
  });

  test('up to a command behind its end', () => {
    expect(run(SELECTION, gpoReader()).end).toMatchObject({ expected: undefined });
  });

  test("and a second time with the host's answer, where the outcome wants it", () => {
    const inputs: KernelInput[] = [];
    const again = `> 00A4040007${OTHER}00\n< ${fci(OTHER)}\n${GPO}< 9000\n`;
    const { end, left } = run(
      `host: 8A02303091021122\n${SELECTION}${GPO}< 9000\n${again}`,
      gpoReader(inputs),
    );
    expect([left, end.end, inputs.length]).toEqual([0, 'outcome', 2]);
    expect(toHex(inputs[1]?.issuerData ?? hex(''))).toBe('91021122');
    expect(inputs[1]).toMatchObject({ start: 'B', restart: true });
  });

  test('and no second time where the host sends nothing for the card', () => {
    const { left } = run(`host: 8A023030\n${SELECTION}${GPO}< 9000\n`, gpoReader());
    expect(left).toBe(0);
  });

  test('and tells what is left of it', () => {
    expect(run(`${SELECTION}> 00B2010C00\n< 9000\n= approved\n`).left).toBe(1);
  });
});

describe('in any order', () => {
  const select = `> 00A4040007${OTHER}00\n< ${fci(OTHER)}\n`;
  const directory = `> ${SELECT_PPSE}\n< ${ppse(entry({ name: OTHER }))}\n`;
  const reversed = `${GPO}< 9000\n${select}${directory}`;

  test('a command is looked up anywhere', () => {
    expect(run(reversed, gpoReader(), 'any').end).toMatchObject({ end: 'outcome' });
    expect(run(reversed, gpoReader()).end.end).toBe('unexpectedCommand');
  });

  test('a phone that answers 6986 for ever comes to an end', () => {
    const { end } = run(`${SELECTION}${GPO}< 6986\n> 00B2010C00\n< 9000\n`, gpoReader(), 'any');
    expect(end).toMatchObject({ outcome: { outcome: 'tryAgain' } });
  });

  test('the second answer to a command comes second', () => {
    const { end } = run(`${SELECTION}${GPO}< 6986\n${GPO}< 9000\n`, gpoReader(), 'any');
    expect(end).toMatchObject({ outcome: { outcome: 'onlineRequest' } });
  });
});

test("the result is the lab port's outcome, with TVR, TSI, ODA and the reasons", () => {
  const { end } = run(`${SELECTION}${GPO}< 11223344556677889000\n`, gpoReader());
  expect(resultJson(end)).toEqual({
    outcome: 'onlineRequest',
    start: 'B',
    onlineResponseType: 'emvData',
    cvm: 'noCvm',
    uiOnOutcome: null,
    uiOnRestart: null,
    dataRecord: '9F26081122334455667788',
    discretionaryData: '9F5D06000000000100',
    alternateInterface: 'none',
    receipt: false,
    fieldOffMs: null,
    removalTimeoutMs: 0,
    tvr: '0000008000',
    tsi: 'E800',
    oda: 'fDDA succeeded',
    why: ['the card asked to go online (9F27)'],
  });
});

test('a tap that is recorded can be replayed', () => {
  const tape = newTape();
  const step = recorded(
    activate(gpoReader(), newTransaction, {
      start: 'A',
      transaction: { type: 0, amountAuthorised: 200, amountOther: 0, currency: 840 },
      transactionData: new Map(),
    }),
    tape,
  );
  const answers = [ppse(entry({ name: OTHER })), fci(OTHER), '11223344556677889000'];
  let next = step.next();
  while (next.done !== true) {
    const { value: ask } = next;
    if (ask.ask === 'exchange') {
      next = step.next({
        to: 'exchange',
        response: hex(answers.shift() ?? '6F00'),
        microseconds: 7,
      });
    } else if (ask.ask === 'random') next = step.next({ to: 'random', bytes: hex('ABABABAB') });
    else if (ask.ask === 'card') next = step.next({ to: 'card', card: 'present' });
    else next = step.next(ask.ask === 'ui' ? { to: 'ui' } : { to: 'field' });
  }
  const { exchanges, expectations, ...header } = parsed(HEAD);
  const text = printTranscript(transcriptOf(tape, header, next.value.outcome));
  expect(text).toContain('random: AB\n');
  expect(text).toContain('< 11223344556677889000 @7us\n');
  expect(text).toContain('= onlineRequest start=B cvm=noCvm\n= 9F26 1122334455667788\n');
  const again = replay(parsed(text), gpoReader(), { order: 'strict', microseconds: () => 0 });
  expect(again.checks.map(({ holds }) => holds)).toEqual([true, true]);
});
