import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { maskPan } from '#data/mask.ts';
import { HOLDER } from '#test/support/account-numbers/cards.ts';
import {
  passesLuhn,
  type TestAccount,
  testAccounts,
} from '#test/support/account-numbers/numbers.ts';
import { quickPaths, slowPaths } from '#test/support/account-numbers/paths.ts';
import { type RealTerminal, realTerminal } from '#test/support/account-numbers/real-terminal.ts';
import { searchFor } from '#test/support/account-numbers/search.ts';
import { secretsOf, sweep } from '#test/support/account-numbers/sweep.ts';
import { inFiles, inTranscripts } from '#test/support/account-numbers/traces.ts';

const COUNT = Number(process.env['COUNTERTAP_ACCOUNT_NUMBERS'] ?? 1000);

describe('the search for account numbers', () => {
  const accounts = testAccounts(7, 10_000);
  const search = searchFor(secretsOf(accounts));
  const pans = [12, 13, 14, 15, 16, 17, 18, 19].map(
    (length) => accounts.find(({ pan }) => pan.length === length)?.pan ?? '',
  );
  const packed = (digits: string): Buffer =>
    Buffer.from(digits.length % 2 === 0 ? digits : `${digits}F`, 'hex');
  const found = (content: string | Uint8Array) => search('here', content).map((one) => one.digits);

  it('knows 10,000 numbers, no two the same, with their check digits', () => {
    expect(new Set(accounts.map(({ pan }) => pan)).size).toBe(10_000);
    expect(accounts.every(({ pan }) => passesLuhn(pan) && /^\d{12,19}$/.test(pan))).toBe(true);
    expect(new Set(accounts.map(({ pan }) => pan.length)).size).toBe(8);
    expect(testAccounts(7, 10)).toEqual(accounts.slice(0, 10));
  });

  it.each<[string, (pan: string) => string | Uint8Array]>([
    ['a line of a log', (pan) => `{"level":30,"time":"2026-01-31T12:00:00Z","x":"${pan}"}`],
    ['the middle of other digits', (pan) => `000111${pan}222`],
    ['groups of four', (pan) => `card ${pan.replaceAll(/(\d{4})/g, '$1 ')}`],
    ['groups with hyphens', (pan) => pan.replaceAll(/(\d{4})(?=\d)/g, '$1-')],
    ['a record in hexadecimal', (pan) => `< 70105A08${packed(pan).toString('hex')}5F34019000`],
    ['hexadecimal of text', (pan) => `5F20${Buffer.from(pan).toString('hex')}9000`],
    ['a dump with blanks', (pan) => inspect(packed(pan))],
    ['a blob', (pan) => Buffer.concat([Buffer.from('\u0000\u00ffab'), packed(pan), packed('A0')])],
    ['a blob, from the middle of a byte', (pan) => packed(`A${pan}B`)],
    ['bytes as JSON', (pan) => JSON.stringify({ value: packed(pan) })],
    ['an array as JSON', (pan) => JSON.stringify(Uint8Array.from(packed(pan)))],
    ['bytes as inspect shows them', (pan) => inspect({ a: Uint8Array.from(packed(pan)) })],
    ['text as bytes', (pan) => inspect(Uint8Array.from(Buffer.from(pan)))],
    ['track 2', (pan) => `${pan}=31122010000`],
  ])('finds each length in %s', (_, content) => {
    for (const pan of pans) expect(found(content(pan)), pan).toContain(pan);
  });

  it('finds PIN blocks and what is secret of track 2', () => {
    const { pinBlock, discretionaryData } = accounts[0] ?? { pinBlock: '', discretionaryData: '' };
    expect(found(`{"DE 52":"${pinBlock}"}`)).toEqual([pinBlock]);
    expect(found(packed(`C${discretionaryData}`))).toEqual([discretionaryData]);
  });

  it('takes a masked number for none', () => {
    const masked = pans.flatMap((pan) => [
      `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`,
      `${pan.slice(0, 6)}${'0'.repeat(pan.length - 10)}${pan.slice(-4)}`,
    ]);
    expect(found(masked.join('\n'))).toEqual([]);
  });
});

describe('account numbers on every path through the terminal', () => {
  it(
    'are found nowhere that it writes, says or shows',
    async () => {
      const { found, ends, numbers, transcripts, bytesSearched } = await sweep({
        seed: 4,
        count: COUNT,
        batch: 500,
      });
      expect(found.slice(0, 20)).toEqual([]);
      const wentWell = (path: string, status: string) =>
        expect(ends.get(`${path}: ${status}`) ?? 0, `${path}: ${status}`).toBeGreaterThan(0);
      for (const [path, status] of EXPECTED) wentWell(path, status);
      const taken = new Set([...ends.keys()].map((end) => end.slice(0, end.lastIndexOf(': '))));
      for (const { name } of [...quickPaths, ...slowPaths]) expect(taken).toContain(name);
      expect(transcripts).toBeGreaterThan(numbers * 0.8);
      expect(bytesSearched).toBeGreaterThan(numbers * 20_000);
    },
    // A machine that does other things as well takes several times as long.
    60_000 + COUNT * 200,
  );
});

describe('account numbers in the real process', () => {
  const accounts = testAccounts(11, 400)
    .filter(({ pan }) => /^(476173|541333)/.test(pan))
    .slice(0, 24);
  const search = searchFor(secretsOf(accounts));

  it('are found nowhere after SIGKILL in the middle, nor in what commands say', async () => {
    const terminal = await realTerminal(accounts);
    try {
      await terminal.start();
      const statuses: unknown[] = [];
      for (const [index, { request, fault }] of DAY.entries()) {
        if (fault !== undefined) await terminal.countertap('acquirer', ...fault);
        const answer = await terminal.pay(`number-${index}`, request);
        statuses.push((answer['result'] as { status: string }).status);
        if (fault?.[0] === 'absent') await terminal.countertap('acquirer', 'normal');
      }
      expect(new Set(statuses)).toEqual(new Set(['approved', 'declined']));
      for (let index = DAY.length; index < DAY.length + 3; index++) {
        await terminal.countertap('acquirer', 'slow', '800');
        const before = await asked(terminal);
        void terminal.pay(`number-${index}`).catch(() => undefined);
        await expect.poll(() => asked(terminal)).toBeGreaterThan(before);
        await terminal.end('SIGKILL');
        expect(inFiles(terminal.state, search)).toEqual([]);
        await terminal.start();
        await terminal.countertap('acquirer', 'normal');
      }
      await tillsToo(terminal, accounts);
      await sayEverything(terminal, accounts);
      await terminal.end('SIGTERM');
      const log = await readFile(join(terminal.state, 'log/terminal.log'), 'utf8');
      expect(log.match(/interrupted: it is taken back/g)).toHaveLength(3);
      for (const { pan } of accounts.slice(0, DAY.length)) {
        expect(log).toContain(`"57=${maskPan(pan)}`.slice(1));
      }
      const found = [...inFiles(terminal.state, search), ...search('said', terminal.said.join(''))];
      expect(found).toEqual([]);
      const { found: kept, count } = inTranscripts(join(terminal.state, JOURNAL), search);
      expect(kept).toEqual([]);
      expect(count).toBeGreaterThan(DAY.length / 2);
      expect(terminal.said.join('')).not.toContain(HOLDER);
    } finally {
      await terminal.end('SIGKILL');
      terminal.remove();
    }
  }, 180_000);
});

// Written by then, and on its way: what is killed before that was never asked.
const asked = async ({ state }: RealTerminal): Promise<number> => {
  const log = await readFile(join(state, 'log/terminal.log'), 'utf8');
  return log.match(/"host asked"/g)?.length ?? 0;
};

const JOURNAL = 'journal/journal.db';

const DAY: readonly {
  readonly request?: Readonly<Record<string, string | number>>;
  readonly fault?: readonly string[];
}[] = [
  {},
  { request: { amountMinor: 6651 } },
  { request: { amountMinor: 6610, tillId: 'T-1' } },
  { request: { kind: 'refund' } },
  { request: { kind: 'preAuthorisation', tillId: 'T-2' } },
  { fault: ['fault', 'malformed'] },
  { fault: ['fault', 'drop-after-record'] },
  { fault: ['absent'] },
  { request: { tillId: 'T-3' } },
];

/** A till's messages: what it is told, its receipts, and what it gets wrong. */
const tillsToo = async (
  terminal: RealTerminal,
  accounts: readonly TestAccount[],
): Promise<void> => {
  const SaleData = {
    SaleTransactionID: { TransactionID: 'S-1', TimeStamp: new Date().toISOString() },
    TokenRequestedType: 'Customer',
  };
  const payment = (RequestedAmount: unknown) => ({
    SaleData,
    PaymentTransaction: { AmountsReq: { Currency: 'USD', RequestedAmount } },
  });
  const success = '"Result":"Success"';
  for (const index of [DAY.length + 3, DAY.length + 4]) {
    const paid = await terminal.nexoWithCard(`number-${index}`, 'Payment', payment(12.5));
    expect(paid).toContain(success);
    expect(paid).toContain('CashierReceipt');
    const id = /"POITransactionID":\{"TransactionID":"([^"]*)"/.exec(paid)?.[1] ?? '';
    await terminal.nexo('TransactionStatus', {});
    await terminal.nexo('Reversal', {
      OriginalPOITransaction: {
        POITransactionID: { TransactionID: id, TimeStamp: new Date().toISOString() },
      },
      ReversalReason: 'MerchantCancel',
    });
  }
  const acquisition = { SaleData, CardAcquisitionTransaction: { TotalAmount: 12.5 } };
  const card = `number-${DAY.length + 5}`;
  expect(await terminal.nexoWithCard(card, 'CardAcquisition', acquisition)).toContain(success);
  await terminal.nexo('GetTotals', { TotalDetails: ['SaleID'] });
  // What a till itself puts where an amount or a reference belongs is told to nobody.
  const [{ pan } = { pan: '' }] = accounts;
  await terminal.nexo('Payment', payment(`${pan}X`));
  await terminal.nexo('Payment', payment(Number(pan)));
};

/** Each command that tells of payments, cards or taps. */
const sayEverything = async (
  terminal: RealTerminal,
  accounts: readonly TestAccount[],
): Promise<void> => {
  await terminal.ask({ op: 'complete', payment: 'T-2', amountMinor: 1000, currency: 840 });
  await terminal.ask({ op: 'void', payment: 'T-3' });
  await terminal.ask({ op: 'reconcile' });
  await terminal.ask({ op: 'status' });
  await terminal.ask({ op: 'sale', amountMinor: 'x' });
  for (const words of [
    ['journal', 'list', '--last', '99'],
    ['journal', 'show', 'T-1'],
    ['journal', 'export'],
    ['journal', 'verify'],
    ['acquirer', 'ledger'],
    ['status'],
    ['keys', 'list'],
    ['cards'],
  ]) {
    await terminal.countertap(...words);
  }
  const [{ pan } = { pan: '' }] = accounts;
  const tap = (await readFile('test/transcripts/visa-phone.tap', 'utf8')).replaceAll(PRINTED, pan);
  expect(tap).toContain(pan);
  const files = await mkdtemp(join(tmpdir(), 'countertap-taps-'));
  await writeFile(join(files, 'whole.tap'), tap);
  await writeFile(join(files, 'torn.tap'), tap.replace(`${pan}D`, `${pan}DX`));
  for (const file of ['whole.tap', 'torn.tap']) {
    await terminal.countertap('replay', join(files, file));
  }
  await rm(files, { recursive: true });
  for (const tlv of [`5A08${pan}`, `70105A08${pan}5F3401`, `5714${pan}D3112`, `DF7D08${pan}`]) {
    await terminal.countertap('explain', '--tlv', tlv);
    await terminal.countertap('explain', '--json', '--tlv', `${tlv}00`);
  }
  await terminal.countertap('explain', '5A', `${pan}X`);
};

// The number in the transcript that everybody may read.
const PRINTED = '4761739002010043';

/** That a path really was what its name says. */
const EXPECTED = [
  ['approved', 'approved'],
  ['approved in part', 'approved'],
  ['declined: no money', 'declined'],
  ['refund with the card', 'approved'],
  ['pre-authorisation and completion', 'approved'],
  ['deferred: the host is absent', 'approved'],
  ['approved by the card itself', 'approved'],
  ['a host that repeats account data', 'approved'],
  ['a host that says nothing', 'declined'],
  ['cancelled while the host is asked', 'cancelled'],
] as const;
