import { BehaviorSubject } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, fault } from '#ports/fault.ts';
import type { UpkeepOrder, UpkeepStanding } from '#ports/upkeep.ts';
import type { ErrorView, NowView } from '../../src/console/api.ts';
import { openShop, type Shop, type SignedIn } from './shop.ts';

const SETTLED: UpkeepStanding = {
  ...{ managed: true, version: '1.4.1', phase: 'settled', work: 'none', spare: '1.4.0' },
};

let shop: Shop;
let ann: SignedIn;
let orders: UpkeepOrder[];
let refusal: Fault | undefined;
/** How many lines the audit log had when the order came. */
let recordedBefore: number[];
const standing$ = new BehaviorSubject(SETTLED);
beforeAll(async () => {
  const upkeep = {
    standing$,
    standing: () => standing$.value,
    order: async (order: UpkeepOrder) => {
      orders.push(order);
      recordedBefore.push(shop.audit.filter(({ outcome }) => outcome === 'done').length);
      return refusal;
    },
  };
  shop = await openShop({ upkeep });
  ann = await shop.enter('Ann', 'manager');
});
beforeEach(() => {
  [orders, recordedBefore, refusal] = [[], [], undefined];
  standing$.next(SETTLED);
  shop.failAudit(undefined);
});
afterAll(() => shop.close());

const post = (who: SignedIn, what: string, body?: unknown) =>
  who.ask('POST', `/api/updates/${what}`, body);

const WHY = { why: 'The reader is slow' };

describe('managers and technicians', () => {
  test.each([
    ['look', undefined, { order: 'look' }, 'look for updates', 'look for updates'],
    [
      'install',
      {},
      { order: 'install', atOnce: true },
      'install update',
      'install what is offered, to take over as soon as nobody pays',
    ],
    [
      'roll-back',
      { why: '  The reader is slow ' },
      { order: 'rollBack', why: 'Tess ordered it: The reader is slow' },
      'roll update back',
      'go back to the release before: The reader is slow',
    ],
  ])(
    'order %s, which is recorded with their name first',
    async (what, body, order, action, says) => {
      const tess = await shop.enter('Tess', 'technician');
      const done = shop.audit.filter(({ outcome }) => outcome === 'done').length;
      const answer = await post(tess, what, body);
      expect([answer.status, answer.json<UpkeepStanding>()]).toEqual([202, SETTLED]);
      expect(orders).toEqual([order]);
      expect(recordedBefore).toEqual([done + 1]);
      expect(shop.audit.at(-1)).toMatchObject({
        ...{ person: 'Tess', role: 'technician', from: 'console', outcome: 'done' },
        ...{ action, subject: '1.4.1', says },
      });
    },
  );

  test('are told why an order is not taken up, and so is the record', async () => {
    refusal = fault('aborted', 'there is no release to go back to');
    const answer = await post(ann, 'roll-back', WHY);
    expect([answer.status, answer.json<ErrorView>()]).toEqual([
      409,
      { error: 'There is no release to go back to.' },
    ]);
    expect(shop.audit.at(-1)).toMatchObject({
      ...{ person: 'Ann', action: 'roll update back', outcome: 'refused' },
      says: expect.stringMatching(/^not done after all: there is no release/),
    });
  });

  test('read no commands of the machine in a refusal', async () => {
    refusal = fault('aborted', 'an update is under way: `countertap update status` says how far');
    const answer = await post(ann, 'look');
    expect(answer.json<ErrorView>()).toEqual({ error: 'An update is under way.' });
  });

  test('order nothing that can not be recorded', async () => {
    shop.failAudit(fault('journal', 'the disk is full'));
    for (const what of ['look', 'install', 'roll-back']) {
      const answer = await post(ann, what, what === 'roll-back' ? WHY : undefined);
      expect([answer.status, answer.json<ErrorView>().error]).toEqual([503, 'the disk is full']);
    }
    expect(orders).toEqual([]);
  });

  test('of a checkout are told that nothing updates it', async () => {
    standing$.next({ managed: false, version: '1.4.1', phase: 'idle', work: 'none' });
    const answer = await post(ann, 'install');
    expect([answer.status, answer.json<ErrorView>().error]).toEqual([
      409,
      'This terminal runs from a checkout, which nothing updates.',
    ]);
    expect(orders).toEqual([]);
    expect(shop.audit.at(-1)).toMatchObject({ action: 'install update', outcome: 'refused' });
  });
});

test('a cashier sees how updates stand and orders none', async () => {
  const carl = await shop.enter('Carl', 'cashier');
  const now = await carl.ask('GET', '/api/now');
  expect(now.json<NowView>().upkeep).toEqual(SETTLED);
  for (const what of ['look', 'install', 'roll-back']) {
    const answer = await post(carl, what, what === 'roll-back' ? WHY : undefined);
    expect([answer.status, answer.json<ErrorView>().error]).toEqual([
      403,
      expect.stringMatching(/needs a manager or technician/),
    ]);
  }
  expect(orders).toEqual([]);
  expect(shop.audit.at(-1)).toMatchObject({ person: 'Carl', outcome: 'refused' });
  expect((await shop.client.ask('POST', '/api/updates/look')).status).toBe(401);
});

test.each([
  ['roll-back', undefined, 'why'],
  ['roll-back', { why: ' ' }, 'why'],
  ['roll-back', { why: 7 }, 'why'],
  ['roll-back', { why: 'x'.repeat(201) }, 'why'],
  ['roll-back', { why: 'slow\nruns 9.9.9' }, 'why'],
  ['roll-back', { why: 'card 4761 7300 0000 0119' }, 'why'],
  ['roll-back', { ...WHY, version: '9.9.9' }, 'version'],
  ['install', { from: '/media/stick' }, 'from'],
  ['install', { atOnce: false }, 'atOnce'],
  ['look', { from: 'https://evil.example/' }, 'from'],
])('%s with %j changes nothing and names the field', async (what, body, field) => {
  const answer = await post(ann, what, body);
  expect([answer.status, answer.json<ErrorView>().field]).toEqual([422, field]);
  expect(answer.text).not.toContain('0119');
  expect(orders).toEqual([]);
});

test('who follows is told of each step', async () => {
  const stream = await shop.client.open('GET', '/api/events', { cookie: ann.cookie });
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    if (text === '') standing$.next({ ...SETTLED, work: 'fetching', offered: '1.5.0' });
    text += chunk;
    if (text.includes('"offered":"1.5.0"')) break;
  }
  // A beat, every 2 s, would tell what nobody said.
  expect(text).not.toContain('event: beat');
});
