import { afterEach, expect, test } from 'vitest';
import type { Message } from '#iso8583/index.ts';
import { isFault } from '#ports/fault.ts';
import { type WholeTerminal, wholeTerminal } from '#test/support/whole-terminal.ts';

const never = new AbortController().signal;

let at: WholeTerminal;
afterEach(() => at.close());

const answering = (fields: readonly (readonly [number, string])[]) => (request: Message) =>
  request.mti === '0800'
    ? { mti: '0810', fields: new Map([...request.fields, ...fields]) }
    : undefined;

test('an echo that is asked for comes back with its time, and is remembered', async () => {
  at = await wholeTerminal({ host: answering([[39, '00']]) });
  expect(await at.uplink.echo(never)).toEqual({ milliseconds: expect.any(Number) });
  expect(at.uplink.lastAnswerMs()).toBeTypeOf('number');
});

test.each([
  ['three days', 3 * 86_400_000, 4320],
  ['five minutes', 300_000, 5],
  ['five minutes and a time zone', 7_500_000, 5],
  ['a time zone alone', -18_000_000, 0],
])('a host whose local time is %s ahead tells so', async (_, aheadMs, minutes) => {
  const [, date = '', time = ''] =
    /^\d{4}-(\d\d-\d\d)T(\S{8})/.exec(new Date(Date.now() + aheadMs).toISOString()) ?? [];
  const local = [
    [12, time.replaceAll(':', '')],
    [13, date.replace('-', '')],
    [39, '00'],
  ] as const;
  at = await wholeTerminal({ host: answering(local) });
  const echo = await at.uplink.echo(never);
  expect(isFault(echo) ? undefined : (echo.aheadMs ?? 0) / 60_000).toBeCloseTo(minutes, 0);
});

test('a host that refuses, is silent or away is a fault', async () => {
  at = await wholeTerminal({ host: answering([[39, '91']]), answerWithinMs: 200 });
  expect(await at.uplink.echo(never)).toMatchObject({ detail: expect.stringContaining('91') });
  at.linkDown();
  expect(await at.uplink.echo(never)).toMatchObject({ fault: 'linkDown' });
  await at.close();
  at = await wholeTerminal({ host: () => undefined, answerWithinMs: 50 });
  expect(await at.uplink.echo(never)).toMatchObject({ fault: 'timeout' });
});
