import { describe, expect, it } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { describeResult, exitOf, onlyInPart } from '../../src/cli/result-text.ts';
import { describeStatus } from '../../src/cli/status.ts';

const result = (more: Partial<SaleResult>): SaleResult => ({
  status: 'approved',
  transactionId: '6F53728E5D32',
  amountMinor: 1250,
  currency: 'USD',
  reason: 'approved',
  ...more,
});

/** The line of a result that begins with this word. */
const line = (more: Partial<SaleResult>, word: string): string | undefined =>
  describeResult(result(more))
    .split('\n')
    .find((one) => one.startsWith(word));

describe('a result in words', () => {
  it('tells how much was approved, and what is left to pay, with exit 0 for --partial', () => {
    const part = { approvedMinor: 1000, reason: 'approved for a part of the amount' };
    expect(describeResult(result(part))).toMatch(/^Approved +\$10\.00 USD of \$12\.50 USD, /);
    expect(line(part, 'left to pay')).toMatch(/^left to pay +\$2\.50 USD$/);
    expect(exitOf(result(part), true)).toBe(0);
    expect(onlyInPart(result(part), true)).toBeUndefined();
  });

  it('does not pass a part for the whole when it is asked again without --partial: exit 1', () => {
    const part = result({ approvedMinor: 1000, repeated: 'approved' });
    expect(exitOf(part)).toBe(1);
    expect(onlyInPart(part)).toMatch(/^only a part was approved: \$10\.00 USD of \$12\.50 USD/);
    expect(onlyInPart(result({}))).toBeUndefined();
  });

  it.each([
    ['callIssuer', 'call the issuer'],
    ['keepCard', 'keep the card if it is safe to do so'],
    ['checkIdentity', "check the customer's identity"],
  ] as const)('tells the cashier on %s to %s', (cashier, words) => {
    expect(line({ cashier }, 'cashier')).toBe(`cashier      ${words}`);
  });

  it('tells what the shop decided, what to say to the shopper, and what to offer', () => {
    const restriction = {
      decision: 'D7',
      cashier: 'Say it nicely',
      alternatives: ['insert', 'cash'],
    };
    const declined = { status: 'declined', errorCondition: 'PaymentRestriction' } as const;
    expect(line({ ...declined, restriction }, 'cashier')).toBe('cashier      Say it nicely');
    expect(line({ ...declined, restriction }, 'offer')).toBe('offer        insert, cash');
    expect(line({ ...declined, restriction: { alternatives: [] } }, 'offer')).toBeUndefined();
  });

  it.each([
    ['never', 'no: the issuer has spoken'],
    ['otherCard', 'with another card'],
    ['insert', 'with the same card, inserted'],
    ['pin', 'with the PIN'],
    ['later', 'later: the host or the issuer is out of order'],
    ['afterCall', "after the call, with the issuer's code"],
  ] as const)('tells on %s whether to try again: %s', (retry, words) => {
    expect(line({ status: 'declined', retry }, 'try again')).toBe(`try again    ${words}`);
  });

  it('says that an approval without the host will be forwarded, until it was', () => {
    expect(line({ offline: 'kernel' }, 'host')).toContain('without the host; will be forwarded');
    expect(line({ offline: 'deferred' }, 'host')).toContain('may be refused then');
    expect(line({ offline: 'deferred', repeated: 'queued' }, 'host')).toContain('forwarded');
    expect(line({ offline: 'deferred', repeated: 'approved' }, 'host')).toBeUndefined();
  });

  it('says when it was asked before, and what has become of it', () => {
    expect(line({ repeated: 'reconciled' }, 'asked again')).toBe(
      'asked again  nothing was taken twice; now: approved, and reconciled with the host',
    );
  });

  it.each([
    ['reversing', 'Taken back'],
    ['reversed', 'Taken back'],
    ['refusedLater', 'Refused'],
    ['writtenOff', 'Refused'],
  ] as const)('does not call an approval one that is %s by now: %s, exit 1', (repeated, head) => {
    const since = result({ repeated, approvedMinor: 1000 });
    expect(describeResult(since)).toMatch(new RegExp(`^${head} `));
    expect(describeResult(since)).not.toContain('left to pay');
    expect(exitOf(since)).toBe(1);
  });

  it.each(['approved', 'preAuthorised', 'completed', 'reconciled', 'queued'] as const)(
    'calls an approval one that is %s by now, with exit 0',
    (repeated) => expect(exitOf(result({ repeated }))).toBe(0),
  );

  it.each([
    ['refund', 'Refunded'],
    ['preAuthorisation', 'Held'],
    ['completion', 'Collected'],
  ] as const)('calls a %s what it is: %s', (kind, head) => {
    expect(describeResult(result({ kind }))).toMatch(new RegExp(`^${head} +\\$12\\.50 USD`));
  });
});

const status = {
  state: 'idle',
  reader: 'a reader',
  readerPresent: true,
  link: 'a host',
  linkUp: true,
  openReversals: 0,
  toForward: 0,
  period: 3,
  display: 'http://127.0.0.1:8080/',
  displays: 1,
  residentBytes: 130_000_000,
};

describe('the status in words', () => {
  it('says that journal and keys are well, and nothing of refusals where there are none', () => {
    const words = describeStatus({ ...status, refusedLater: 0 });
    expect(words).toMatch(/^journal +ok$/m);
    expect(words).toMatch(/^keys +ok$/m);
    expect(words).toMatch(/^to forward 0$/m);
    expect(words).toMatch(/^period +3$/m);
    expect(words).not.toContain('refused');
  });

  it('shows where the console is, and what its certificate must look like', () => {
    const words = describeStatus({
      ...status,
      console: 'https://a:1/',
      consoleFingerprint: 'AB:CD',
      tills: 'https://192.168.1.40:8443/',
      tillsFingerprint: 'EF:01',
    });
    expect(words).toContain('console    https://a:1/\n           SHA-256 AB:CD\n');
    expect(words).toContain('tills      https://192.168.1.40:8443/\n           SHA-256 EF:01');
    expect(describeStatus(status)).not.toContain('console');
    expect(describeStatus(status)).not.toContain('tills');
  });

  it('says why no payment can be taken, beside the part that is at fault', () => {
    const words = describeStatus({ ...status, journalRefusal: 'the disk is full: make room' });
    expect(words).toMatch(/^journal +NO {2}the disk is full: make room$/m);
    expect(words).toMatch(/^keys +ok$/m);
  });

  it('says how keys that are gone are replaced', () => {
    const words = describeStatus({ ...status, keysRefusal: 'the keys were erased' });
    expect(words).toMatch(/^keys +NO {2}the keys were erased\n +to load keys: .*keys load/m);
    expect(words).toMatch(/^journal +ok$/m);
  });

  it.each([
    ['the keys were erased at 2026-11-22T00:51:54.000Z: sold', true],
    ['no keys are loaded: first the transport key, then key blocks', true],
    ['no key for account data (B1) is loaded', false],
  ])('names the transport key first where there is none: %s', (keysRefusal, first) => {
    const words = describeStatus({ ...status, keysRefusal });
    expect(/keys transport`, then `countertap keys load FILE/.test(words)).toBe(first);
    expect(words).toContain('`countertap keys load FILE`');
  });

  it.each([
    [59, '59 s'],
    [600, '10 min'],
    [7200, '2 h'],
  ])('tells how long the oldest waits to be forwarded: %i seconds as %s', (seconds, words) => {
    const waiting = { ...status, toForward: 2, oldestToForwardSeconds: seconds };
    expect(describeStatus(waiting)).toMatch(
      new RegExp(`^to forward 2, the oldest taken ${words} ago$`, 'm'),
    );
  });

  it('tells staff of refusals, and what to do about them', () => {
    expect(describeStatus({ ...status, refusedLater: 2 })).toMatch(
      /^refused +2 when forwarded: .*journal list --refused.*countertap note PAYMENT/m,
    );
  });
});
