import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPeople } from '#drivers/people/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { quiet, tamper } from '#test/drivers/sqlite/support.ts';
import { got } from '#test/ports/journal-suite.ts';
import { recover } from '../../src/cli/journal.ts';
import { exportTo, history, status, verify, why } from '../../src/cli/nfc/look.ts';
import { approve, type DecideOptions, decide } from '../../src/cli/nfc/nfc.ts';
import { type Places, placesIn } from '../../src/cli/places.ts';
import { clock } from '../../src/cli/world.ts';

// The command without a terminal: the real journal, the real people, this process.

let state = '';
let places: Places;
let out = '';
let err = '';
const PINS = { ann: '482915', bob: '730264', cid: '619283' } as const;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-nfc-cli-'));
  places = placesIn(state);
  said();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true, force: true });
});

/** What was printed since the last time. */
const said = (): { out: string; err: string } => {
  const was = { out, err };
  out = '';
  err = '';
  return was;
};

// Hashing a PIN takes its time: once for all tests.
let hired = '';
beforeAll(async () => {
  hired = mkdtempSync(join(tmpdir(), 'countertap-hired-'));
  const { wallMs, monotonicMs } = clock;
  const path = placesIn(hired).people;
  const people = openPeople({ path, log: quiet, wallMs, monotonicMs });
  await people.add('ann', 'manager', PINS.ann);
  await people.add('bob', 'manager', PINS.bob);
  await people.add('cid', 'cashier', PINS.cid);
  await people.close();
});
afterAll(() => rmSync(hired, { recursive: true, force: true }));
const hire = (): void => cpSync(hired, state, { recursive: true });

const as = (name: keyof typeof PINS, pin: string = PINS[name]) => {
  const pinFile = join(state, `pin-${name}`);
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
  return { by: name, pinFile };
};
const off = (options: DecideOptions) =>
  decide(places, 'decide', 'off', { reason: 'commercial: fees', ...options });
const on = (options: DecideOptions) =>
  decide(places, 'decide', 'on', { reason: 'commercial: signed', ...options });

describe('countertap nfc, with nothing decided yet', () => {
  it('says that all is taken, and makes no file to say it', async () => {
    expect(await status(places, {})).toBe(0);
    expect(said().out).toMatch(/^contactless +On: no decision is against it\n$/);
    expect(await history(places, {})).toBe(0);
    expect(said().out).toBe('nothing was ever decided: all is taken\n');
    expect(await verify(places, {})).toBe(0);
    expect(said().out).toBe('whole: 0 entries\n');
    for (const path of [places.journal, places.people]) expect(() => statSync(path)).toThrow();
  });

  it('needs a person first, and says how to make one before any PIN is asked for', async () => {
    expect(await off({ by: 'ann' })).toBe(1);
    expect(said().err).toMatch(/refused: by: nobody is known here.*people add NAME --role manager/);
  });

  it('has nothing to switch on', async () => {
    hire();
    expect(await on({ ...as('ann') })).toBe(0);
    expect(said().out).toMatch(/^nothing is switched off: On/);
    expect(await on({ ...as('ann'), json: true })).toBe(0);
    expect(JSON.parse(said().out)).toMatchObject({ status: 'done' });
    expect(() => statSync(places.journal)).toThrow();
  });
});

describe('countertap nfc off and on', () => {
  beforeEach(hire);

  it('just work, one after the other', async () => {
    expect(await off({ ...as('ann'), until: '+2h', offer: ['insert'] })).toBe(0);
    expect(said().out).toMatch(
      /^decided +D1 switches off contactless until .*ann, manager.*\ncontactless +Off until/,
    );
    expect(await on(as('bob'))).toBe(0);
    const { out: decided, err: note } = said();
    expect(note).toMatch(/^with --supersedes D1: D1 switches off contactless/);
    expect(decided).toMatch(
      /^decided +D2 switches on contactless.*\ncontactless +On by bob: signed/,
    );
    expect(await off(as('ann'))).toBe(0);
    expect(said().err).toMatch(/^with --supersedes D2: D2 /);
    expect(await history(places, {})).toBe(0);
    expect(said().out).toMatch(
      /^in force +D3 .*\nsuperseded by D3 +D2 .*\nsuperseded by D2 +D1 .*\n$/,
    );
  });

  it('say what they would do, and change nothing', async () => {
    expect(await off({ scope: ['range=4761-4769'], dryRun: true })).toBe(0);
    const { out: preview } = said();
    expect(preview).toMatch(/^D1 switches off contactless, account numbers 4761–4769/);
    expect(preview).toMatch(/warning: Visa cards .* those that don't are all refused/);
    expect(preview).toMatch(/Nothing was changed/);
    expect(await off({ dryRun: true, json: true })).toBe(0);
    expect(JSON.parse(said().out)).toMatchObject({ status: 'preview', needsApproval: false });
    expect(() => statSync(places.journal)).toThrow();
  });

  it('are refused with 1 for what a person did wrong, in words and as JSON', async () => {
    expect(await off({ reason: 'fees', ...as('ann') })).toBe(1);
    expect(said().err).toMatch(/refused: reason: the reason has no category/);
    expect(await off({ scope: ['scheme=RuPay'], ...as('ann'), json: true })).toBe(1);
    expect(JSON.parse(said().out)).toEqual({
      status: 'refused',
      field: 'scope.scheme',
      problem: expect.stringMatching(/^scheme RuPay is unknown here; known: .*Visa/),
    });
    expect(await off(as('ann', '111222'))).toBe(1);
    expect(said().err).toMatch(/refused: pin: .*wrong/);
    expect(await off(as('cid'))).toBe(1);
    expect(said().err).toMatch(/cid is a cashier: this needs a manager/);
    expect(await off({})).toBe(1);
    expect(said().err).toMatch(/--by NAME/);
    expect(await history(places, {})).toBe(0);
    expect(said().out).toMatch(/nothing was ever decided/);
  });

  it('list what contradicts, for the person to choose', async () => {
    await off({ ...as('ann'), scope: ['phones'] });
    said();
    expect(await on({ ...as('ann') })).toBe(1);
    expect(said().err).toMatch(/--supersedes D1, or --scope phones/);
    expect(await on({ ...as('ann'), supersedes: ['d1'] })).toBe(0);
    expect(said().out).toMatch(/contactless +On by ann: signed/);
  });

  it('end with 3 while another process writes the journal, and change nothing', async () => {
    const writer = got(
      await openJournal({ path: places.journal, log: quiet, wallMs: clock.wallMs }),
    );
    expect(await off(as('ann'))).toBe(3);
    expect(said().err).toMatch(/another process has the journal .* open/);
    await writer.close();
    expect(await off(as('ann'))).toBe(0);
  });

  it('end with 3 where the configuration can’t be used', async () => {
    expect(await off({ ...as('ann'), config: join(state, 'nowhere') })).toBe(3);
    expect(said().err).toMatch(/terminal.json: .*expected a file that can be read/i);
  });
});

describe('countertap nfc approve', () => {
  it('has nothing to agree to where one person is enough', async () => {
    hire();
    await off(as('ann'));
    said();
    expect(await approve(places, 'd1', as('bob'))).toBe(1);
    expect(said().err).toMatch(/refused: approval: D1 needs no approval, or has it/);
    expect(await approve(places, 'D9', as('bob'))).toBe(1);
    expect(said().err).toMatch(/refused: id: there is no decision D9/);
  });
});

describe('countertap nfc why', () => {
  beforeEach(async () => {
    hire();
    await off({ ...as('ann'), scope: ['phones', 'above=20'] });
    said();
  });

  it.each([
    [{ card: 'visa-phone', amount: '25.00' }, /^A phone or watch \(Visa\) of 25.00 USD .*refused/],
    [{ card: 'visa-phone', amount: '20.00' }, /^A phone or watch .*: taken/],
    [{ card: 'mastercard-plastic', amount: '25.00' }, /^A plastic card \(Mastercard\).*: taken/],
    [{ aid: 'a0000000041010', device: 'phone' }, /\(Mastercard\).*not settled before .*the amount/],
    [{ amount: '25' }, /not settled before we know whether it is a phone/],
    [{ device: 'unknown', amount: '25' }, /^A contactless payment .*: refused/],
    [{ qr: true, amount: '25' }, /^A QR code of 25.00 USD .*: taken/],
  ] as const)('%j', async (words, answer) => {
    expect(await why(places, words)).toBe(0);
    expect(said().out).toMatch(answer);
  });

  it.each([
    [{ card: 'no-such-card' }, /no card is called "no-such-card"/],
    [{ accountPrefix: '476173900201' }, /account-prefix: expected 1 to 11 leading digits/],
    [{ aid: '12' }, /"12" is no application identifier/],
    [{ scheme: 'RuPay' }, /"RuPay" is unknown here/],
    [{ amount: 'lots' }, /"lots" is not an amount/],
    [{ amount: '1', currency: 'XXQ' }, /no currency "XXQ"/],
  ])('%j is refused', async (words, reason) => {
    expect(await why(places, words)).toBe(1);
    expect(said().err).toMatch(reason);
  });

  it('prints one object for programs', async () => {
    expect(await why(places, { card: 'visa-phone', amount: '25', json: true })).toBe(0);
    expect(JSON.parse(said().out)).toEqual({
      says: [expect.stringMatching(/refused/), expect.any(String), expect.any(String)],
    });
  });
});

describe('countertap nfc export', () => {
  it('writes a new file that nobody else reads, and never over another', async () => {
    hire();
    await off(as('ann'));
    said();
    const file = join(state, 'register.csv');
    expect(await exportTo(places, file, { format: 'csv' })).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^"number","id".*\r\n"1","D1","off","in force","ann"/,
    );
    expect(await exportTo(places, file, { format: 'csv' })).toBe(3);
    expect(await exportTo(places, undefined, { format: 'json' })).toBe(0);
    expect(JSON.parse(said().out)).toMatchObject({ decisions: [{ id: 'D1' }] });
  });
});

describe('a register that was altered by hand', () => {
  beforeEach(async () => {
    hire();
    await off(as('ann'));
    await off({ ...as('ann'), scope: ['phones'] });
    said();
  });

  it('is found and named by entry, means off, and has a way out', async () => {
    // D1, ann's "off", made into an "on" by who can write the file.
    const was = '"action":"off"';
    tamper(
      places.journal,
      `UPDATE entries SET data = replace(data, '${was}', '"action":"on"') WHERE sequence = 1`,
    );
    expect(await verify(places, {})).toBe(1);
    expect(said()).toMatchObject({
      out: 'broken: entry 1 of the journal: it was changed\n',
      err: expect.stringMatching(/nothing is taken while this is so/),
    });
    expect(await verify(places, { json: true })).toBe(1);
    expect(JSON.parse(said().out)).toMatchObject({ problem: expect.stringMatching(/entry 1 /) });
    expect(await status(places, {})).toBe(0);
    expect(said().out).toMatch(/^contactless +Off: the decisions can't be read .*entry 1/);
    expect(await on(as('bob'))).toBe(3);
    expect(said().err).toMatch(/entry 1: it was changed; .*countertap journal recover/);

    recover(places, {});
    said();
    expect(await status(places, {})).toBe(0);
    expect(said().out).toMatch(/Off: the decisions can't be read/);
    expect(await on(as('bob'))).toBe(1);
    expect(said().err).toMatch(/must begin anew/);
    const begin = { reason: 'security: the file was altered', ...as('bob') };
    expect(await decide(places, 'begin', 'on', begin)).toBe(0);
    expect(said().out).toMatch(/contactless +On by bob: the file was altered/);
    expect(await verify(places, {})).toBe(0);
    said();
    expect(await history(places, {})).toBe(0);
    expect(said().out).toMatch(/^in force .*\nset aside +D2 /);
  });

  it('is unreadable, and not broken, where the journal is gone', async () => {
    for (const end of ['', '-wal', '-shm']) rmSync(places.journal + end, { force: true });
    expect(await verify(places, {})).toBe(3);
    expect(said().err).toMatch(/is gone/);
    expect(await status(places, {})).toBe(0);
    expect(said().out).toMatch(/^contactless +Off: the decisions can't be read .*is gone/);
  });
});
