import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RegisterCheck } from '#decisions/index.ts';
import { fault } from '#ports/fault.ts';
import { cardNamed } from '#test/support/terminal-harness.ts';
import type {
  AuditView,
  ContactlessView,
  DecisionView,
  DevicesView,
  ErrorView,
  NowView,
  PeopleView,
  PreviewView,
  SettingsView,
} from '../../src/console/api.ts';
import { openShop, type Shop, type SignedIn } from './shop.ts';

const never = new AbortController().signal;

let shop: Shop;
let ann: SignedIn;
beforeEach(async () => {
  shop = await openShop();
  ann = await shop.enter('Ann', 'manager');
});
afterEach(() => shop.close());

const DECISIONS = '/api/contactless/decisions';
const OFF = { action: 'off', reason: { category: 'commercial', text: 'fees' } };
const contactless = async () => (await ann.ask('GET', '/api/contactless')).json<ContactlessView>();

describe('the switch', () => {
  test('is on until somebody decides, says what it would do, and then who did it', async () => {
    expect((await contactless()).summary).toMatchObject({
      accepted: 'yes',
      sentence: 'On: no decision is against it',
    });
    const preview = (await ann.ask('POST', '/api/contactless/preview', OFF)).json<PreviewView>();
    expect(preview).toMatchObject({ warnings: [], needsApproval: false });
    expect('says' in preview && preview.says[0]).toMatch(/off/);
    expect((await contactless()).history).toEqual([]);
    const made = await ann.ask('POST', DECISIONS, { ...OFF, untilMs: Date.now() + 3_600_000 });
    expect(made.status).toBe(201);
    expect(made.json<DecisionView>()).toMatchObject({
      state: 'in force',
      scope: 'contactless',
      decision: { by: { person: 'Ann', role: 'manager' } },
    });
    const { sequence, hash } = made.json<DecisionView>().proof ?? {};
    const written = shop.harness.journal.durable().entries.find((one) => one.hash === hash);
    expect(written).toMatchObject({ sequence, event: 'decision', data: { id: 'D1' } });
    const { summary, why } = await contactless();
    expect(summary.accepted).toBe('no');
    expect(summary.sentence).toMatch(/^Off until (\d{4}-\d{2}-\d{2} )?\d{2}:\d{2} by Ann: fees$/);
    expect(why[0]).toContain('refused');
    expect(shop.audit.at(-1)).toMatchObject({ action: 'decide', subject: 'D1', outcome: 'done' });
  });

  test('says for what it is off when it is not off for all', async () => {
    await ann.ask('POST', DECISIONS, { ...OFF, scope: { devices: 'phones' } });
    const { summary } = await contactless();
    expect(summary.accepted).toBe('open');
    expect(summary.sentence).toBe('On in part: off for phones and watches');
  });

  test('names what is wrong with a decision, and changes nothing', async () => {
    const preview = await ann.ask('POST', '/api/contactless/preview', { action: 'off' });
    expect(preview.json()).toMatchObject({ problem: { field: 'reason' } });
    const refused = await ann.ask('POST', DECISIONS, { ...OFF, untilMs: 1000 });
    expect([refused.status, refused.json<ErrorView>().field]).toEqual([422, 'until']);
    expect(shop.audit.at(-1)).toMatchObject({ action: 'decide', outcome: 'refused' });
    expect(shop.decisions.all()).toEqual([]);
  });

  test('waits for a second person where two must agree', async () => {
    await ann.ask('POST', DECISIONS, OFF);
    const on = { action: 'on', supersedes: ['D1'], reason: { category: 'other', text: 'settled' } };
    const proposed = (await ann.ask('POST', DECISIONS, on)).json<DecisionView>();
    expect(proposed.state).toBe('proposed');
    const own = await ann.ask('POST', `${DECISIONS}/${proposed.decision.id}/approval`);
    expect([own.status, own.json<ErrorView>().error]).toEqual([
      422,
      expect.stringContaining('another person must approve'),
    ]);
    expect((await contactless()).summary.accepted).toBe('no');
    const bob = await shop.enter('Bob', 'manager');
    const agreed = await bob.ask('POST', `${DECISIONS}/${proposed.decision.id}/approval`);
    expect([agreed.status, agreed.json<DecisionView>().state]).toEqual([200, 'in force']);
    expect((await contactless()).summary.accepted).toBe('yes');
    const [latest, first] = (await contactless()).history;
    expect([latest?.decision.id, first?.supersededBy]).toEqual(['D2', ['D2']]);
  });

  test('that can not be written down is not switched', async () => {
    shop.harness.journal.failNext(fault('journal', 'the disk is full'));
    const answer = await ann.ask('POST', DECISIONS, OFF);
    expect([answer.status, answer.json<ErrorView>().error]).toEqual([503, 'the disk is full']);
    expect((await contactless()).summary.accepted).toBe('yes');
  });

  test('with a damaged register is off, says so, exports nothing, and can begin anew', async () => {
    await ann.ask('POST', DECISIONS, { ...OFF, scope: { devices: 'phones' } });
    const entry = { payment: null, event: 'decision', atMs: Date.now(), data: { id: 'D7' } };
    await shop.harness.journal.append({ entries: [entry] });
    const check = (await ann.ask('POST', '/api/contactless/verify')).json<RegisterCheck>();
    expect(check.problem).toMatch(/^entry 2/);
    const { summary } = await contactless();
    expect(summary).toMatchObject({ accepted: 'no', unreadable: check.problem });
    expect(summary.sentence).toContain('entry 2');
    await shop.harness.seen('contactlessOff');
    expect((await ann.ask('GET', '/api/contactless/register.csv')).status).toBe(503);
    expect((await ann.ask('POST', DECISIONS, OFF)).status).toBe(422);
    const reason = { category: 'security', text: 'begun anew' };
    const anew = await ann.ask('POST', '/api/contactless/anew', { action: 'on', reason });
    expect(anew.status).toBe(201);
    // Where two must agree to switch on, one can't begin anew either.
    expect((await contactless()).summary.accepted).toBe('no');
    const { id } = anew.json<DecisionView>().decision;
    const bob = await shop.enter('Bob', 'manager');
    expect((await bob.ask('POST', `${DECISIONS}/${id}/approval`)).status).toBe(200);
    const after = await contactless();
    expect(after.summary).toMatchObject({ accepted: 'yes' });
    expect(after.history.map(({ state }) => state)).toEqual(['in force', 'set aside']);
  });

  test('ends a payment that waits for a card, and tells the shopper', async () => {
    const { terminal, seen, views } = shop.harness;
    const sale = terminal.sale({ amountMinor: 1250, currency: 840 }, never);
    await seen('presentCard');
    const texts = { en: { shopper: 'Please insert your card.', cashier: 'Chip only today.' } };
    const from = views.length;
    await ann.ask('POST', DECISIONS, { ...OFF, texts, alternatives: ['insert'] });
    expect(await sale).toMatchObject({
      status: 'declined',
      restriction: { decision: 'D1', cashier: 'Chip only today.', alternatives: ['insert'] },
    });
    expect(await seen('contactlessOff', from)).toMatchObject({
      detail: 'Please insert your card.',
      amount: '$12.50',
      alternatives: [{ way: 'insert' }],
    });
    expect(shop.harness.payments).toEqual([]);
  });

  test('refuses a phone in a payment that has begun, and takes plastic in its place', async () => {
    const { terminal, reader, seen, payments } = shop.harness;
    const sale = terminal.sale({ amountMinor: 1250, currency: 840 }, never);
    await seen('presentCard');
    await ann.ask('POST', DECISIONS, { ...OFF, scope: { devices: 'phones' } });
    reader.place(cardNamed('visa-phone'));
    await seen('anotherCard');
    expect(payments).toEqual([]);
    reader.place(cardNamed('visa-plastic'));
    expect(await sale).toMatchObject({ status: 'approved' });
  });
});

test('the register goes out as a file that a browser saves and never shows', async () => {
  await ann.ask('POST', DECISIONS, { ...OFF, reason: { category: 'other', text: '=1+1' } });
  const csv = await ann.ask('GET', '/api/contactless/register.csv');
  expect(csv.headers['content-disposition']).toBe('attachment; filename="decisions-CTAP0001.csv"');
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.text).toContain(`"'=1+1"`);
  const json = await ann.ask('GET', '/api/contactless/register.json');
  expect(json.json()).toMatchObject({ decisions: [{ id: 'D1', state: 'in force' }] });
  expect(shop.audit.filter(({ action }) => action === 'export the register')).toHaveLength(2);
});

test('what there is to choose from comes with its words', async () => {
  const { options } = await contactless();
  expect(options).toMatchObject({
    schemes: ['Mastercard', 'Visa'],
    languages: { en: 'English', de: 'Deutsch' },
    needs: { device: 'whether it is a phone' },
    approval: { off: false, on: true },
  });
});

test('now and the devices say how things are', async () => {
  const now = (await ann.ask('GET', '/api/now')).json<NowView>();
  expect(now).toMatchObject({ contactless: { accepted: 'yes' }, displays: 1, refusedLater: 0 });
  expect(now.device).toMatchObject({ present: true, silenced: 'antennaOn' });
  const { devices } = (await ann.ask('GET', '/api/devices')).json<DevicesView>();
  expect(devices.map(({ kind, good }) => [kind, good])).toEqual([
    ['reader', true],
    ['display', true],
    ['host', true],
    ['journal', true],
    ['keys', true],
    ['machine', true],
  ]);
  shop.harness.journal.refuse(fault('journal', 'the disk is full'));
  const after = (await ann.ask('GET', '/api/devices')).json<DevicesView>();
  expect(after.devices.find(({ kind }) => kind === 'journal')).toMatchObject({
    good: false,
    says: 'the disk is full',
  });
});

describe('people', () => {
  const people = async () => (await ann.ask('GET', '/api/people')).json<PeopleView>().people;

  test('are added, changed and removed, each told before it is done', async () => {
    const bob = { name: 'Bob', role: 'cashier', pin: '739164' };
    const added = await ann.ask('POST', '/api/people', bob);
    expect([added.status, added.json<PeopleView>().people.length]).toEqual([201, 2]);
    await ann.ask('PUT', '/api/people/Bob', { role: 'technician' });
    expect(await people()).toContainEqual(
      expect.objectContaining({ name: 'Bob', role: 'technician', signedIn: false }),
    );
    expect((await ann.ask('DELETE', '/api/people/Bob')).status).toBe(200);
    expect((await people()).map(({ name, signedIn }) => [name, signedIn])).toEqual([['Ann', true]]);
    const told = shop.audit.filter(({ subject }) => subject === 'Bob');
    expect(told.map(({ action, says }) => `${action}: ${says}`)).toEqual([
      'add person: as cashier',
      'change role: now technician',
      'remove person: removed, and signed out',
    ]);
  });

  test('are left as they are when that can not be written down', async () => {
    await shop.people.add('Bob', 'cashier', '739164');
    shop.failAudit(fault('journal', 'the disk is full'));
    for (const [method, body] of [['PUT', { role: 'manager' }], ['DELETE']] as const) {
      expect((await ann.ask(method, '/api/people/Bob', body)).status).toBe(503);
    }
    shop.failAudit(undefined);
    expect(await people()).toContainEqual(
      expect.objectContaining({ name: 'Bob', role: 'cashier' }),
    );
  });

  test('always keep a manager', async () => {
    expect((await ann.ask('DELETE', '/api/people/Ann')).status).toBe(422);
    expect((await ann.ask('PUT', '/api/people/Ann', { role: 'cashier' })).status).toBe(422);
    expect((await ann.ask('PUT', '/api/people/Nobody', { role: 'cashier' })).status).toBe(422);
    expect((await ann.ask('GET', '/api/now')).status).toBe(200);
  });

  test('can read what was done', async () => {
    await ann.ask('POST', '/api/contactless/verify');
    const { lines } = (await ann.ask('GET', '/api/audit')).json<AuditView>();
    expect(lines.map(({ action }) => action).slice(0, 2)).toEqual([
      'verify the register',
      'sign in',
    ]);
  });
});

test('settings are changed, or the field is named, and the next payment knows', async () => {
  expect((await ann.ask('PUT', '/api/settings', { colour: 1 })).status).toBe(422);
  const tooHigh = [{ set: 0, name: 'readerCvmRequiredLimit', minor: 99_999_999 }];
  const refused = await ann.ask('PUT', '/api/settings', { limits: tooHigh });
  expect([refused.status, refused.json<ErrorView>().field]).toEqual([422, 'limits.0.minor']);
  const limits = [{ set: 0, name: 'readerCvmRequiredLimit', minor: 100 }];
  const changed = await ann.ask('PUT', '/api/settings', { limits });
  expect(changed.json()).toMatchObject({ changedBy: 'Ann' });
  expect(shop.audit.at(-1)?.says).toBe('readerCvmRequiredLimit of set 0');
  expect(
    (await ann.ask('GET', '/api/settings')).json<SettingsView>().limits[0]?.limits,
  ).toContainEqual(expect.objectContaining({ name: 'readerCvmRequiredLimit', minor: 100 }));
});
