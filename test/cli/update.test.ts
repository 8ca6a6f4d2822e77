import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BehaviorSubject, Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlLine } from '#ports/control.ts';
import { fault } from '#ports/fault.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { TerminalEvent, TerminalStatus } from '#terminal/types.ts';
import type { Outcome } from '#upkeep/index.ts';
import type { UplinkState } from '#uplink/index.ts';
import { watchCounter } from '../../src/cli/updates/counter-watch.ts';
import { isIn } from '../../src/cli/updates/keeper-parts.ts';
import { complaintOf, factsOf, type Vitals } from '../../src/cli/updates/release-health.ts';
import { updateService } from '../../src/cli/updates/service.ts';
import { describeStanding } from '../../src/cli/updates/text.ts';

const IDLE = { state: 'idle', readerPresent: true, reader: 'ACR1252' } as TerminalStatus;
const UP: UplinkState = {
  ...{ link: { link: 'up', peer: 'host' }, hostAnswers: true },
  ...{ openReversals: 0, toForward: 0 },
};
const away: UplinkState = { ...UP, link: { link: 'down', why: fault('linkDown', 'no route') } };

describe('the counter is quiet', () => {
  const watched = () => {
    const events$ = new Subject<TerminalEvent>();
    const watch = watchCounter({ status: () => IDLE }, events$, { state$: new Subject() });
    return { watch, tell: (event: string) => events$.next({ event } as TerminalEvent) };
  };

  it.each([
    ['a payment whose result has left the display', ['saleStarted', 'saleEnded', 'idle'], true],
    ['a payment whose result still stands there', ['saleStarted', 'saleEnded'], false],
    ['a card that is read to be known', ['acquisitionStarted'], false],
    ['a question to the shopper', ['question'], false],
    ['a question that was answered', ['question', 'questionEnded'], true],
    ['a text of the till, which may stand for hours', ['notice'], true],
    ['a payment that began behind a question', ['question', 'saleStarted', 'questionEnded'], false],
  ])('or not, after %s', (_, events, isQuiet) => {
    const { watch, tell } = watched();
    for (const event of events) tell(event);
    expect(watch.quiet()).toBe(isQuiet);
    watch.close();
  });

  it('and whoever waits for it is told of each event', () => {
    const { watch, tell } = watched();
    let told = 0;
    watch.changes$.subscribe(() => {
      told += 1;
    });
    for (const event of ['saleStarted', 'saleEnded', 'idle']) tell(event);
    expect(told).toBe(3);
    watch.close();
  });
});

describe('a release in its probation', () => {
  let display: Server;
  let displayUrl: string;
  beforeAll(async () => {
    display = createServer((_, response) => response.end('page')).listen(0, '127.0.0.1');
    await once(display, 'listening');
    displayUrl = `http://127.0.0.1:${(display.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    display.close();
  });

  const vitals = (
    status: Partial<TerminalStatus>,
    uplink: UplinkState | undefined = UP,
  ): Vitals => ({
    ...{ status: () => ({ ...IDLE, ...status }), uplink: () => uplink, displayUrl, signsOn: true },
  });
  const ALL = { reader: true, host: true, journal: true };

  it('is well with reader, host, journal and display', async () => {
    expect(await complaintOf(vitals({}), ALL)).toBeUndefined();
  });

  it.each([
    [{ readerPresent: false, reader: 'none' }, UP, 'no reader is found: none'],
    [{}, away, 'the host can not be reached: no route'],
    [{}, { ...UP, hostAnswers: false }, 'the host answers nothing that it is sent'],
    [{}, { ...UP, hostAnswers: undefined }, 'the host has not answered yet'],
    [{ journalRefusal: 'full' }, UP, 'journal: full'],
  ])('is not, with %j', async (status, uplink, why) => {
    expect(await complaintOf(vitals(status, uplink as UplinkState), ALL)).toBe(why);
  });

  it('is not blamed for what was missing before it', async () => {
    const poor = vitals({ readerPresent: false, journalRefusal: 'full' }, away);
    expect(factsOf(poor)).toEqual({ reader: false, host: false, journal: false });
    expect(await complaintOf(poor, factsOf(poor))).toBeUndefined();
  });

  it('is not blamed for reader and host where nobody knows of any', async () => {
    expect(await complaintOf(vitals({ readerPresent: false }, away), undefined)).toBeUndefined();
  });

  it('is not well when nobody can see the display', async () => {
    const unseen = { ...vitals({}), displayUrl: 'http://127.0.0.1:9/' };
    expect(await complaintOf(unseen, ALL)).toMatch(/^the display is not served: /);
  });

  it('needs no answer of a host that it does not sign on to', async () => {
    const silent = { ...vitals({}, { ...UP, hostAnswers: undefined }), signsOn: false };
    expect(await complaintOf(silent, ALL)).toBeUndefined();
  });
});

it.each([
  ['02:00', '05:00', '02:00', true],
  ['02:00', '05:00', '04:59', true],
  ['02:00', '05:00', '05:00', false],
  ['23:00', '04:00', '23:30', true],
  ['23:00', '04:00', '03:59', true],
  ['23:00', '04:00', '12:00', false],
  ['00:00', '00:00', '12:00', true],
])('the window from %s to %s at %s: %s', (from, to, time, expected) => {
  expect(isIn({ from, to }, time)).toBe(expected);
});

const STANDING: UpkeepStanding = {
  ...{ managed: true, version: '1.4.0', phase: 'tried', work: 'ready' },
  ...{ offered: '1.4.1', waitsFor: 'window', lastLook: { atMs: 0 } },
};

describe('countertap update status', () => {
  it('says what is ready and what it waits for', () => {
    expect(describeStanding(STANDING).split('\n')).toEqual([
      'runs       1.4.0, another is ready beside it',
      'before     no release to go back to',
      'update     1.4.1 is ready and waits for the hours for updates',
      'last look  1970-01-01T00:00:00.000Z  ok',
    ]);
  });

  it('says why the last update was left', () => {
    const left = { ...STANDING, phase: 'rolledBack', work: 'none', reason: 'no echo' } as const;
    expect(describeStanding(left)).toMatch(/the last update was left\nreason {5}no echo\n/);
  });

  it('says that nothing updates a checkout', () => {
    const standing = { managed: false, version: '1.4.0', phase: 'idle', work: 'none' } as const;
    expect(describeStanding(standing)).toBe(
      'runs       1.4.0, and nothing updates it: it runs from a checkout',
    );
  });
});

describe('what a command asks of a running terminal about updates', () => {
  const service = async (request: Parameters<typeof updateService>[1], outcome: Outcome) => {
    const standing$ = new BehaviorSubject<UpkeepStanding>({ ...STANDING, work: 'none' });
    const lines: ControlLine[] = [];
    const asked: unknown[] = [];
    const upkeep = {
      ...{ standing$, standing: () => standing$.value },
      order: async (order: unknown) => void asked.push(order),
      done: async (job: unknown) => {
        asked.push(job);
        for (const work of ['looking', 'fetching', 'installing', 'ready'] as const)
          standing$.next({ ...STANDING, work });
        return outcome;
      },
    };
    const answer = await updateService(upkeep, request, (line) => lines.push(line));
    return { answer, lines, asked };
  };
  const READY: Outcome = { outcome: 'ready', version: '1.4.1' };

  it('is told how far it is, and then what came of it', async () => {
    const request = { op: 'update', order: 'install', atOnce: true, from: '/media/stick' } as const;
    const { answer, lines, asked } = await service(request, READY);
    expect(lines.map(({ event }) => event)).toEqual(['looking', 'fetching', 'installing']);
    expect(answer).toEqual({ outcome: READY, standing: STANDING });
    const job = { do: 'install', evenIfFailed: true, atOnce: true, from: '/media/stick' };
    expect(asked).toEqual([job]);
  });

  it('only looks when it is to look, and leaves alone what failed', async () => {
    const { asked } = await service({ op: 'update', order: 'look' }, READY);
    expect(asked).toEqual([{ do: 'look', evenIfFailed: false, atOnce: false }]);
  });

  it('goes back with the reason that was given', async () => {
    const { asked } = await service({ op: 'update', order: 'rollBack', why: 'Ann: tips' }, READY);
    expect(asked).toEqual([{ order: 'rollBack', why: 'Ann: tips' }]);
  });
});
