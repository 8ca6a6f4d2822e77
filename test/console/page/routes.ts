import type { AuditView, PeopleView, SettingsChange, SettingsView } from '#console/api.ts';
import type { Role } from '#ports/people.ts';
import type { FakeServer, Somebody } from './fake-server.ts';
import {
  DEVICES,
  LIMITS,
  NOON_MS,
  PAYMENTS,
  paymentOf,
  RECEIPT,
  resultOf,
  TEXTS,
} from './fixtures.ts';

interface Asked {
  readonly fake: FakeServer;
  readonly person: Somebody;
  readonly parts: readonly string[];
  readonly body: unknown;
  readonly query: URLSearchParams;
}

type Handle = (asked: Asked) => readonly [status: number, value: unknown];

/** What the fake answers to, after session and token were looked at. */
export const ROUTES: readonly (readonly [method: string, path: RegExp, handle: Handle])[] = [
  ['GET', /^now$/, ({ fake }) => [200, fake.now()]],
  ['GET', /^taps$/, ({ fake }) => [200, fake.taps]],
  ['POST', /^cancel$/, ({ fake }) => [200, { cancelled: fake.status.state === 'sale' }]],
  ['GET', /^contactless$/, ({ fake }) => [200, fake.shop.view()]],
  ['POST', /^contactless\/preview$/, (asked) => [200, asked.fake.shop.preview(asked.body, 'Ann')]],
  ['POST', /^contactless\/decisions$/, (asked) => decided(asked, asked.fake.shop.decide)],
  ['POST', /^contactless\/anew$/, (asked) => decided(asked, asked.fake.shop.beginAnew)],
  ['POST', /^contactless\/decisions\/([^/]+)\/approval$/, (asked) => approved(asked)],
  ['POST', /^contactless\/verify$/, ({ fake }) => [200, checkOf(fake)]],
  ['GET', /^payments$/, (asked) => [200, paymentsOf(asked)]],
  ['GET', /^payments\/([^/]+)$/, (asked) => payment(asked)],
  ['GET', /^payments\/([^/]+)\/receipt$/, () => [200, RECEIPT]],
  ['POST', /^payments\/([^/]+)\/refund$/, (asked) => refund(asked)],
  ['POST', /^payments\/([^/]+)\/void$/, () => [200, { status: 'done', reason: 'Voided.' }]],
  ['GET', /^devices$/, () => [200, DEVICES]],
  ['GET', /^doctor$/, ({ fake }) => [200, fake.diagnosis]],
  ['POST', /^updates\/(?:look|install|roll-back)$/, ({ fake }) => [202, fake.upkeep]],
  ['GET', /^settings$/, ({ fake }) => [200, settingsOf(fake)]],
  ['PUT', /^settings$/, (asked) => saved(asked)],
  ['GET', /^people$/, ({ fake }) => [200, peopleOf(fake)]],
  ['POST', /^people$/, (asked) => added(asked)],
  ['PUT', /^people\/([^/]+)$/, (asked) => changed(asked)],
  ['DELETE', /^people\/([^/]+)$/, (asked) => removed(asked)],
  ['PUT', /^session\/pin$/, (asked) => ownPin(asked)],
  ['GET', /^audit$/, () => [200, AUDIT]],
];

const decided = (
  { fake, person, body }: Asked,
  decide: FakeServer['shop']['decide'],
): readonly [number, unknown] => {
  const answer = decide(body, person.name);
  if ('problem' in answer) {
    return [400, { error: answer.problem.problem, field: answer.problem.field }];
  }
  fake.tell('now', fake.now());
  return [201, answer];
};

const approved: Handle = ({ fake, person, parts }) => {
  const view = fake.shop.approve(parts[0] ?? '', person.name);
  if (view === undefined) return [409, { error: 'another person must approve it' }];
  fake.tell('now', fake.now());
  return [200, view];
};

const checkOf = ({ shop }: FakeServer) => ({
  entries: shop.decisions.length,
  head: 'c0ffee42'.repeat(8),
  ...(shop.unreadable === undefined ? {} : { problem: shop.unreadable }),
});

const paymentsOf = ({ query }: Asked) => {
  const [search, state] = [query.get('search') ?? '', query.get('state') ?? ''];
  const found = PAYMENTS.filter(
    (line) =>
      (state === '' || line.state === state) &&
      `${line.id} ${line.tillId} ${line.maskedPan} ${line.amountMinor / 100}`.includes(search),
  );
  const start = Number(query.get('before') ?? 0);
  const end = start + Number(query.get('count') ?? 25);
  const next = end < found.length ? { next: `${end}` } : {};
  return { payments: found.slice(start, end), ...next };
};

const payment: Handle = ({ fake, parts }) => {
  const found = PAYMENTS.find(({ id }) => id === parts[0]);
  return found === undefined
    ? [404, { error: 'There is no such payment.' }]
    : [200, paymentOf(found, fake.refunded)];
};

const refund: Handle = ({ fake, body }) => {
  const { amountMinor } = body as { amountMinor: number };
  fake.refunded += amountMinor;
  return [200, resultOf({ kind: 'refund', amountMinor, reason: 'refunded' })];
};

const settingsOf = ({ settings }: FakeServer): SettingsView => ({
  limits: (settings.limits as SettingsView['limits'] | undefined) ?? LIMITS,
  texts: (settings.texts as SettingsView['texts'] | undefined) ?? TEXTS,
  changedBy: 'Ann',
  changedAtMs: NOON_MS,
  notInForce: [],
});

const saved: Handle = ({ fake, body }) => {
  const { limits = [], texts = [] } = body as SettingsChange;
  const before = settingsOf(fake);
  fake.settings.limits = before.limits.map((line) => ({
    ...line,
    limits: line.limits.map((limit) => {
      const change = limits.find(({ set, name }) => set === line.set && name === limit.name);
      return change === undefined
        ? limit
        : { ...limit, minor: change.minor ?? limit.configuredMinor };
    }),
  }));
  fake.settings.texts = before.texts.map((line) => ({
    ...line,
    screens: line.screens.map((screen) => {
      const change = texts.find(
        (one) => one.language === line.language && one.screen === screen.screen,
      );
      if (change === undefined) return screen;
      return { ...screen, ...(change.words ?? screen.configured), changed: change.words !== null };
    }),
  }));
  return [200, settingsOf(fake)];
};

const peopleOf = ({ people }: FakeServer): PeopleView => ({
  people: people.map(({ name, role, lockedForMs }) => ({
    name,
    role,
    sinceMs: NOON_MS - 40 * 86_400_000,
    ...(lockedForMs === undefined ? {} : { lockedUntilMs: Date.now() + lockedForMs }),
    signedIn: name === 'Ann',
  })),
});

const added: Handle = ({ fake, body }) => {
  const { name, role, pin } = body as { name: string; role: Role; pin: string };
  if (pin.length < 6) return [400, { error: 'A PIN has 6 digits or more.', field: 'pin' }];
  fake.people.push({ name, role, pin });
  return [201, peopleOf(fake)];
};

const changed: Handle = ({ fake, parts, body }) => {
  const { role, pin } = body as { role?: Role; pin?: string };
  const found = fake.people.find(({ name }) => name === parts[0]);
  if (found === undefined) return [404, { error: 'There is no such person.' }];
  if (role !== undefined) found.role = role;
  if (pin !== undefined) {
    found.pin = pin;
    delete found.lockedForMs;
  }
  return [200, peopleOf(fake)];
};

const removed: Handle = ({ fake, parts }) => {
  if (parts[0] === 'Ann')
    return [409, { error: 'Ann is the last manager: add another one first.' }];
  fake.people = fake.people.filter(({ name }) => name !== parts[0]);
  return [200, peopleOf(fake)];
};

const ownPin: Handle = ({ person, body }) => {
  const { pin, newPin } = body as { pin: string; newPin: string };
  if (pin !== person.pin) return [403, { error: 'This is not your PIN.', field: 'pin' }];
  person.pin = newPin;
  return [204, undefined];
};

const AUDIT: AuditView = {
  lines: [
    {
      sequence: 412,
      atMs: NOON_MS,
      person: 'Ann',
      role: 'manager',
      from: 'console',
      action: 'decide',
      subject: 'D2',
      outcome: 'done',
      says: 'Ann switched on contactless, Mastercard, lane 2.',
    },
    {
      sequence: 409,
      atMs: NOON_MS - 500_000,
      person: 'Bob',
      role: 'cashier',
      from: 'command line',
      action: 'decide',
      subject: 'contactless',
      outcome: 'refused',
      says: 'Bob may not switch contactless: a manager may.',
    },
  ],
};
