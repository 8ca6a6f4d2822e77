import type { OutgoingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Kiosk } from '#drivers/kiosk/index.ts';
import type { AnswerGiven, DisplayView } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { ask as request, watch } from './http-support.ts';
import { openTestKiosk, SILENT } from './kiosk-support.ts';
import { QUESTION_WORDS, viewOf } from './views.ts';

let kiosk: Kiosk;
let given: AnswerGiven[];
let logged: string[];

beforeEach(async () => {
  logged = [];
  const log = {
    ...SILENT,
    info: (fields: object, message: string) =>
      void logged.push(`${message} ${JSON.stringify(fields)}`),
  };
  kiosk = await openTestKiosk({ pageFolder: '/nonexistent', log });
  given = [];
  kiosk.answers$.subscribe((answer) => given.push(answer));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await kiosk.close();
});

const asking = (id: string, ask: Asked = { kind: 'confirmation' }): DisplayView =>
  viewOf('question', { question: { id, ask, words: QUESTION_WORDS } });

const JSON_TYPE = { 'content-type': 'application/json' };

const statusOf = async (body: unknown, headers: OutgoingHttpHeaders = JSON_TYPE) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (await request(kiosk.url, '/answer', { method: 'POST', headers, body: text })).status;
};

const YES = { kind: 'confirmation', confirmed: true } as const;
const NO = { kind: 'confirmation', confirmed: false } as const;

describe('what a shopper answers', () => {
  test('arrives when it fits the question that is shown', async () => {
    kiosk.show(asking('q1'));
    const run = (await (await watch(kiosk.url)).next())?.message.run;
    expect(await statusOf({ run, id: 'q1', answer: YES })).toBe(204);
    expect(given).toEqual([{ id: 'q1', answer: YES }]);
  });

  test('counts once, from whichever of two displays it comes first', async () => {
    kiosk.show(asking('q1'));
    const both = [statusOf({ id: 'q1', answer: YES }), statusOf({ id: 'q1', answer: NO })];
    expect((await Promise.all(both)).sort()).toEqual([204, 409]);
    // The same question, drawn again because something else has changed.
    kiosk.show(asking('q1'));
    expect(await statusOf({ id: 'q1', answer: NO })).toBe(409);
    expect(given.length).toBe(1);
  });

  test('may come when the picture has been drawn anew meanwhile', async () => {
    kiosk.show(asking('q1'));
    kiosk.show(asking('q1'));
    expect(await statusOf({ id: 'q1', answer: NO })).toBe(204);
  });

  test.each([
    ['another question', { id: 'q0', answer: YES }],
    ['an earlier run', { run: 'earlier', id: 'q1', answer: YES }],
  ])('is left out when it is to %s', async (_, body) => {
    kiosk.show(asking('q1'));
    expect(await statusOf(body)).toBe(409);
    expect(given).toEqual([]);
  });

  test('is left out when the question is over, and before the first', async () => {
    expect(await statusOf({ id: 'q1', answer: YES })).toBe(409);
    kiosk.show(asking('q1'));
    kiosk.show(viewOf('welcome'));
    expect(await statusOf({ id: 'q1', answer: YES })).toBe(409);
    expect(given).toEqual([]);
  });

  test('that does not fit leaves the question open for one that does', async () => {
    kiosk.show(asking('q1'));
    expect(await statusOf({ id: 'q1', answer: { kind: 'text', typed: 'yes' } })).toBe(422);
    expect(await statusOf({ id: 'q1', answer: YES })).toBe(204);
  });

  test('may be a signature of the greatest length', async () => {
    kiosk.show(asking('q1', { kind: 'signature' }));
    const stroke = Array.from({ length: 2000 }, () => [65_534, 65_534]);
    const signature = { width: 0xfffe, height: 0xfffe, strokes: [stroke] };
    expect(await statusOf({ id: 'q1', answer: { kind: 'signature', signature } })).toBe(204);
    expect(given.length).toBe(1);
  });

  test('is in no line of the log', async () => {
    const ask: Asked = { kind: 'text', minLength: 0, maxLength: 40, initial: '', masked: true };
    kiosk.show(asking('q1', ask));
    const answer = { kind: 'text', typed: 'my secret' };
    expect(await statusOf({ id: 'q1', answer })).toBe(204);
    expect(logged.join('\n')).toContain('a shopper answered');
    expect(logged.join('\n')).not.toContain('secret');
  });
});

test.each([
  ['nothing', '', 400],
  ['half of it', '{"id":', 400],
  ['an id that is a number', { id: 1, answer: YES }, 400],
  ['a run that is a number', { id: 'q1', run: 1, answer: YES }, 400],
  ['no answer', { id: 'q1' }, 422],
  ['more than a signature can be', { id: 'q1', answer: YES, more: 'x'.repeat(66_000) }, 413],
])('what is posted is refused when it is %s', async (_, body, status) => {
  kiosk.show(asking('q1'));
  expect(await statusOf(body)).toBe(status);
  expect(given).toEqual([]);
});

test('a page of another site answers nothing', async () => {
  kiosk.show(asking('q1'));
  const body = { id: 'q1', answer: YES };
  const from = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect(await statusOf(body, { ...JSON_TYPE, ...from })).toBe(403);
  expect(await statusOf(body, { 'content-type': 'text/plain' })).toBe(415);
  expect(given).toEqual([]);
});

test('answers come no faster than people give them', async () => {
  kiosk.show(asking('q1'));
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  const statuses: number[] = [];
  for (let times = 0; times < 12; times += 1) {
    statuses.push(await statusOf({ id: 'q1', answer: 7 }));
  }
  expect(statuses).toEqual([...Array(10).fill(422), 429, 429]);
});
