import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CARD_FOLDER,
  describeCard,
  isCardFileProblem,
  listCards,
  memoryStore,
  openCard,
} from '#drivers/simulated/index.ts';

describe('the cards that come along', () => {
  test('are listed by name', () => {
    expect(listCards()).toEqual(
      expect.arrayContaining(['mastercard-phone', 'visa-phone', 'visa-plastic']),
    );
  });

  test.each(listCards())('can be opened and described: %s', (name) => {
    const card = openCard(name, { store: memoryStore() });
    if (isCardFileProblem(card)) throw new Error(card.problem);
    const described = describeCard(name);
    if (isCardFileProblem(described)) throw new Error(described.problem);
    expect(described.title).toBe(card.description);
    expect(described.lastDigits).toMatch(/^\d{4}(, \d{4})*$/);
    expect(JSON.stringify(described)).not.toMatch(/\d{5}/);
    expect(described.outcome.length).toBeGreaterThan(10);
  });

  test('do not share an account', async () => {
    const accounts = await Promise.all(
      listCards().map(async (name) => {
        const text = await readFile(join(CARD_FOLDER, name, 'card.json'), 'utf8');
        return /"pan": "(\d+)"/.exec(text)?.[1];
      }),
    );
    expect(new Set(accounts).size).toBe(accounts.length);
  });
});

describe('a card file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countertap-cards-'));
    await cp(join(CARD_FOLDER, 'visa-phone'), join(folder, 'phone'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = () => join(folder, 'phone', 'card.json');
  const problemAfter = async (search: string | RegExp, replacement: string) => {
    const text = await readFile(file(), 'utf8');
    const changed = text.replace(search, replacement);
    if (changed === text) throw new Error(`nothing to replace: ${search}`);
    await writeFile(file(), changed);
    const opened = openCard('phone', { store: memoryStore() }, folder);
    return isCardFileProblem(opened) ? opened.problem : 'no problem';
  };

  test('of an unknown name is met with the names there are', () => {
    const opened = openCard('visa-watch', { store: memoryStore() }, folder);
    expect(opened).toEqual({ problem: 'no card is called "visa-watch"; there are phone' });
    expect(describeCard('../phone', folder)).toMatchObject({
      problem: expect.stringContaining('no card is called'),
    });
  });

  test.each([
    ['"priority": 1', '"priority": "1"', 'applications.0.priority'],
    ['"priority": 1', '"priority": 16', 'applications.0.priority'],
    ['"expiry": "311231"', '"expiry": "311331"', 'applications.0.account.expiry'],
    ['"profile": "qvsdc"', '"profile": "paypass"', 'applications.0.profile'],
    ['"title":', '"titel":', 'title'],
    [/"pan": "\d+"/, '"pan": "4761739002010044"', 'applications.0.account.pan'],
    [/"pan": "\d+"/, '"pan": "4012888888881881"', 'applications.0.account.pan'],
    ['"aid": "A0000000031010"', '"aid": "A000"', 'applications.0.aid'],
    ['"formFactorIndicator": "23820000"', '"formFactorIndicator": "2382"', 'formFactorIndicator'],
    ['"formFactorIndicator": "23820000"', '"formFaktor": "23820000"', 'elements.formFaktor'],
    ['"issuerApplicationData": "1F22', '"issuerApplicationData": "1F99', 'version 153'],
    ['9F3704', '', 'elements.pdol: the cryptogram needs 9F37'],
    ['"9F6604', '"9F66', 'elements.pdol'],
    ['"fci": ["applicationLabel"', '"fci": ["applicationCryptogram"', 'applications.0.fci: 9F26'],
    ['"tokenRequestorId"\n', '"cardholderName"\n', 'records 3.1: expected names'],
    ['"performed"', '"maybe"', 'applications.0.verification'],
    ['{', '', 'JSON'],
  ])('with %s made %s is refused, naming file and key', async (search, replacement, key) => {
    const problem = await problemAfter(search, replacement);
    expect(problem).toContain(file());
    expect(problem).toContain(key);
    expect(problem).not.toMatch(/\d{12}/);
  });

  test('that is like another holds what is different', async () => {
    const like = (content: object) =>
      writeFile(file(), JSON.stringify({ title: 'T', about: 'A', outcome: 'O', ...content }));
    const opened = () => openCard('phone', { store: memoryStore() }, folder);
    await cp(join(CARD_FOLDER, 'visa-phone'), join(folder, 'other'), { recursive: true });
    await like({ like: 'other', applications: [{ verification: { onDevice: 'awaited' } }] });
    expect(opened()).toMatchObject({ description: 'T' });
    await like({ like: 'other', applications: [{ fci: null }] });
    expect(opened()).toMatchObject({ description: 'T' });
    await like({ like: 'other', applications: [{ account: null }] });
    expect(opened()).toMatchObject({ problem: expect.stringContaining('applications.0.account') });
    await like({ like: 'phone' });
    expect(opened()).toMatchObject({ problem: expect.stringContaining('itself like another') });
    await like({ like: '../other' });
    expect(opened()).toMatchObject({ problem: expect.stringContaining('like: expected the name') });
    await like({ like: 'nobody' });
    expect(opened()).toMatchObject({ problem: expect.stringContaining('nobody') });
  });

  test("whose card signs is refused without keys, or with another card's", async () => {
    await cp(join(CARD_FOLDER, 'visa-plastic-offline'), join(folder, 'signs'), { recursive: true });
    const opened = () => openCard('signs', { store: memoryStore() }, folder);
    expect(isCardFileProblem(opened())).toBe(false);
    const keys = join(folder, 'signs', 'keys.json');
    await writeFile(keys, JSON.stringify({ note: 'none', applications: [null] }));
    expect(opened()).toMatchObject({ problem: expect.stringContaining('personalise-cards') });
    await rm(keys);
    expect(opened()).toMatchObject({ problem: expect.stringContaining('keys.json') });
  });

  test('may tear the card away or make it fall silent, by name or by place', async () => {
    const answers = async (more: string) => {
      const problem = await problemAfter(/"applications"/, `${more},"applications"`);
      expect(problem).toBe('no problem');
      const card = openCard('phone', { store: memoryStore() }, folder);
      if (isCardFileProblem(card)) throw new Error(card.problem);
      card.powerOn();
      const select = Uint8Array.of(0, 0xa4, 4, 0, 0);
      const found = [card.respond(select), card.respond(select)];
      await cp(join(CARD_FOLDER, 'visa-phone'), join(folder, 'phone'), { recursive: true });
      expect(card.activity.map(({ sw }) => sw === undefined)).toEqual(
        found.map((one) => typeof one === 'string'),
      );
      return found.map((one) => (typeof one === 'string' ? one : 'answer'));
    };
    expect(await answers('"tearAt": 2')).toEqual(['answer', 'tear']);
    expect(await answers('"muteAt": "SELECT"')).toEqual(['mute', 'mute']);
    expect(await answers('"tearAt": "READ RECORD"')).toEqual(['answer', 'answer']);
  });

  test('may refuse a command with a status word of its own', async () => {
    expect(
      await problemAfter('"applications"', '"refuses": {"SELECT PPSE": "6A82"},"applications"'),
    ).toBe('no problem');
    const card = openCard('phone', { store: memoryStore() }, folder);
    if (isCardFileProblem(card)) throw new Error(card.problem);
    card.powerOn();
    const ppse = Uint8Array.of(0, 0xa4, 4, 0, 14, ...new TextEncoder().encode('2PAY.SYS.DDF01'));
    expect([...card.respond(ppse)]).toEqual([0x6a, 0x82]);
  });
});
