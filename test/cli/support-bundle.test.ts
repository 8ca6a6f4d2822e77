import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { extract } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { ruinPage } from '#test/drivers/sqlite/support.ts';
import { searchFor } from '#test/support/account-numbers/search.ts';
import { countertap, type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { sinceOf } from '../../src/cli/support-bundle.ts';

let terminal: RunningTerminal;
let approved: SaleResult;
let declined: SaleResult;
beforeAll(async () => {
  terminal = await runTerminal({ reader: 'in-process' });
  approved = await terminal.pay('visa-phone');
  declined = await terminal.pay('mastercard-declines');
});
afterAll(() => terminal?.close());

let folder = '';
let count = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-support-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly file: string;
  readonly encrypted: boolean;
  readonly files: readonly string[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

const bundle = async (state: string, ...words: readonly string[]): Promise<Told> => {
  count += 1;
  const to = join(folder, `b${count}`);
  const all = ['--state', state, 'support-bundle', '--json', '--to', to, ...words];
  const { code, stdout, stderr } = await countertap(all);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Told;
};

/** What is in a bundle, by its path there; written to `folder`, as a maker would unpack it. */
const unpacked = async (bytes: Uint8Array): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>();
  const entries = Readable.from([gunzipSync(bytes)]).pipe(extract());
  for await (const entry of entries) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    expect(entry.header.mode).toBe(0o600);
    files.set(entry.header.name.replace(/^[^/]+\//, ''), Buffer.concat(pieces).toString('utf8'));
  }
  return files;
};

const PAN = '4761739001010010';
const PIN_BLOCK = '0412AC89ABCDEF67';
const KEY = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcGxhbnRlZCBrZXkgb2YgYSB0ZXN0IQ';
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----\\n${KEY}\\n-----END PRIVATE KEY-----`;

describe('a bundle of a terminal that runs', () => {
  test('is for its owner alone, and shows on replay what both shoppers met', async () => {
    const { file, encrypted, files, leftOut } = await bundle(terminal.state);
    expect(encrypted).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(leftOut).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        ...['doctor.json', 'versions.json', 'system.json', 'log/terminal.log'],
        ...['journal/entries.jsonl', 'configuration/terminal.json'],
        `replay/${approved.transactionId}.tap`,
      ]),
    );
    for (const [path, text] of await unpacked(readFileSync(file))) {
      if (!path.startsWith('replay/')) continue;
      const target = join(folder, path);
      writeWhole(target, text);
    }
    const replayed = async ({ transactionId }: SaleResult) => {
      const { code, stdout } = await countertap([
        'replay',
        join(folder, 'replay', `${transactionId}.tap`),
      ]);
      expect(code, stdout).toBe(0);
      return stdout;
    };
    const good = await replayed(approved);
    expect(good).toMatch(/holds {4}= onlineRequest/);
    expect(good).toContain('GET PROCESSING OPTIONS');
    expect(await replayed(declined)).toMatch(/holds {4}= declined/);
  }, 120_000);

  test('with the payment that is asked for, by its id, and no other', async () => {
    const { files } = await bundle(terminal.state, '--payment', approved.transactionId);
    const taps = files.filter((path) => path.endsWith('.tap'));
    expect(taps).toEqual([`replay/${approved.transactionId}.tap`]);
    const none = await bundle(terminal.state, '--payment', PAN);
    const text = (await unpacked(readFileSync(none.file))).get('list.json') ?? '';
    expect(none.leftOut).toHaveLength(1);
    expect(text).not.toContain(PAN);
  }, 60_000);

  test('tells events and states of the journal, and neither number nor token', async () => {
    const files = await unpacked(readFileSync((await bundle(terminal.state)).file));
    const entries = files.get('journal/entries.jsonl') ?? '';
    expect(entries).toMatch(/"event":"approved","state":"approved"/);
    expect(entries).toContain(declined.maskedPan);
    const whole = [...files.values()].join('\n');
    expect(whole).not.toContain(approved.cardToken);
    const search = searchFor(new Map([['4761730000000043', 'account number']]));
    // Our own mask of the catalogue's card is its number with zeros, as the number itself has.
    const found = [...files].flatMap(([path, text]) =>
      path.endsWith('.tap') ? [] : search(path, text),
    );
    expect(found).toEqual([]);
  });

  test('is not written over a file that is there', async () => {
    const to = join(folder, 'there');
    writeFileSync(to, 'mine');
    const all = ['--state', terminal.state, 'support-bundle', '--to', to];
    expect((await countertap(all)).code).toBe(3);
    expect(readFileSync(to, 'utf8')).toBe('mine');
  });
});

const writeWhole = (target: string, text: string): void => {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
};

describe('what must not leave the shop', () => {
  let other: RunningTerminal;
  beforeAll(async () => {
    other = await runTerminal({ reader: 'in-process' });
    await other.pay('visa-phone');
    await other.end('SIGTERM');
  });
  afterAll(() => other?.close());

  test('are account numbers, PIN blocks and keys, in log, configuration and journal', async () => {
    const log = join(other.state, 'log', 'terminal.log');
    appendFileSync(log, `{"level":30,"msg":"planted","data":"${PIN_BLOCK}"}\n`);
    appendFileSync(log, `{"level":30,"msg":"planted","pan":"${PAN}"}\n`);
    writeFileSync(`${log}.1`, `{"level":30,"pinBlock":"${PIN_BLOCK}","key":"${KEY}"}\n`);
    const path = join(other.state, 'config', 'terminal.json');
    const config = JSON.parse(readFileSync(path, 'utf8'));
    config.merchant.name = `Shop ${PAN}`;
    writeFileSync(path, JSON.stringify(config));
    writeFileSync(join(other.state, 'config', 'texts', 'en.json'), `{"x":"${PRIVATE_KEY}"}`);
    // Behind the terminal's back: what the journal holds otherwise never does.
    const db = new DatabaseSync(join(other.state, 'journal', 'journal.db'));
    const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    db.exec(
      `UPDATE entries SET data = json_set(data, '$.pan', '${PAN}', '$.pinBlock', '${PIN_BLOCK}')`,
    );
    db.close();

    const { file, leftOut } = await bundle(other.state);
    const files = await unpacked(readFileSync(file));
    const whole = [...files].map(([name, text]) => `${name}\n${text}`).join('\n');
    for (const secret of [PAN, PIN_BLOCK, KEY]) expect(whole.includes(secret)).toBe(false);
    const reasons = Object.fromEntries(leftOut.map(({ path: at, why }) => [at, why]));
    expect(reasons).toMatchObject({
      'log/terminal.log': expect.stringMatching(/account number/),
      'configuration/terminal.json': expect.stringMatching(/account number/),
      'configuration/texts/en.json': expect.stringMatching(/private key/),
    });
    expect(JSON.parse(files.get('list.json') ?? '{}').leftOut).toEqual(leftOut);
  }, 60_000);
});

describe('a bundle where no terminal runs', () => {
  let state = '';
  beforeAll(async () => {
    const gone = await runTerminal({ reader: 'in-process' });
    await gone.pay('visa-phone');
    await gone.end('SIGTERM');
    ({ state } = gone);
  });
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  test('encrypted to the maker’s key is for the maker alone', async () => {
    const identity = await generateIdentity();
    const path = join(state, 'config', 'terminal.json');
    const before = readFileSync(path, 'utf8');
    const makerKey = await identityToRecipient(identity);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(before), support: { makerKey } }));
    const { file, encrypted } = await bundle(state);
    const bytes = readFileSync(file);
    expect(encrypted).toBe(true);
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const files = await unpacked(await decrypter.decrypt(bytes));
    expect([...files.keys()]).toContain('journal/entries.jsonl');
    const other = new Decrypter();
    other.addIdentity(await generateIdentity());
    await expect(other.decrypt(bytes)).rejects.toThrow();
    // A key that is none: nothing goes out in plain.
    const wrong = { makerKey: `age1${'q'.repeat(58)}` };
    writeFileSync(path, JSON.stringify({ ...JSON.parse(before), support: wrong }));
    await expect(bundle(state)).rejects.toThrow(/can't be encrypted/);
    writeFileSync(path, before);
  }, 120_000);

  test('of a damaged journal has what can be read, and where that ends', async () => {
    const journal = join(state, 'journal', 'journal.db');
    ruinPage(journal, 2);
    const { file } = await bundle(state);
    const files = await unpacked(readFileSync(file));
    expect(files.get('journal/check.json')).toMatch(/broken|fault/);
    expect(JSON.parse(files.get('doctor.json') ?? '{}').findings).toContainEqual(
      expect.objectContaining({ check: 'journal', verdict: 'wrong' }),
    );
  }, 60_000);

  test('of an empty folder says what there isn’t', async () => {
    const { leftOut } = await bundle(join(folder, 'nobody'));
    expect(leftOut.map(({ path }) => path)).toContain('log');
  }, 60_000);
});

test.each([
  ['7d', -7 * 86_400_000],
  ['12h', -12 * 3_600_000],
  ['30m', -30 * 60_000],
])('--since %s is a span back from now', (text, ms) => {
  expect(sinceOf(text, 1e12)).toBe(1e12 + ms);
});

test.each(['yesterday', '7', '2026-13-45'])('--since %s is refused', (text) => {
  expect(sinceOf(text, 1e12)).toBeUndefined();
});
