import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { tag } from '#data/dictionary.ts';
import { BOOK_A_INDICATORS } from '#data/indicators.ts';
import { ensureCertificates } from '#drivers/simulated/acquirer/certificates.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-config-'));
  cpSync('config/base', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const change = (file: string, from: string | RegExp, to: string) => {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
};

const problem = (): string => {
  const loaded = loadConfiguration(folder);
  return isConfigProblem(loaded) ? describeConfigProblem(loaded) : 'no problem';
};

describe('the shipped configuration', () => {
  it('is sound, and frozen', () => {
    const loaded = loadConfiguration('base');
    if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
    const purchase = loaded.contactless.combinations.get(0x00) ?? [];
    const taken = purchase.map(({ aid, kernelId }) => `${toHex(aid)} ${kernelId}`);
    expect(taken).toContain('A0000000031010 03');
    expect(taken).toContain('A0000000041010 02');
    expect(taken).toContain('A0000001523010 06');
    expect(taken).toContain('A000000333010101 07');
    expect(taken).toContain('F04354415008 08');
    expect(new Set(taken).size).toBe(taken.length);
    expect([...loaded.contactless.combinations.keys()]).toEqual([0x00, 0x01, 0x09, 0x20]);
    expect(loaded.contactless.terminal.get(tag.terminalCountryCode)).toEqual(
      Uint8Array.of(0x08, 0x40),
    );
    expect(Object.isFrozen(loaded.terminal.payment)).toBe(true);
  });

  it('leaves what is not configured absent, which is not the same as zero', () => {
    const loaded = loadConfiguration('base');
    if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
    const [visa] = loaded.contactless.combinations.get(0x00) ?? [];
    expect(Object.keys(visa?.entryPoint ?? {}).sort()).toEqual([
      'readerCvmRequiredLimit',
      'terminalFloorLimit',
      'ttq',
      'zeroAmountAllowed',
    ]);
  });
});

describe('a configuration with a fault names file, key, what it expected and found', () => {
  const cases: [string, string, string | RegExp, string, RegExp][] = [
    [
      'a wrong type',
      'terminal.json',
      '"port": 8080',
      '"port": "http"',
      /terminal\.json: display\.port: expected a port.*found "http"/,
    ],
    [
      'out of range',
      'terminal.json',
      '"attempts": 3',
      '"attempts": 0',
      /payment\.attempts: expected a number of cards to try \(1 to 10\), found 0/,
    ],
    [
      'an unknown key',
      'terminal.json',
      '"attempts"',
      '"atempts"',
      /payment\.(atempts|attempts): expected/,
    ],
    ['no JSON', 'terminal.json', '{', '', /terminal\.json: expected JSON, found/],
    [
      'an unknown currency',
      'terminal.json',
      '"USD"',
      '"USX"',
      /terminal\.currency: expected a currency code.*found "USX"/,
    ],
    [
      'a terminal id that is too long',
      'terminal.json',
      '"CTAP0001"',
      '"CTAP00012"',
      /terminal\.id: expected the terminal identification/,
    ],
    [
      'an unknown tag',
      'terminal.json',
      '"9F1A"',
      '"9FEE7F"',
      /terminal\.data\.9FEE7F: expected a tag of the data dictionary/,
    ],
    [
      'a value of the wrong length',
      'terminal.json',
      '"9F1A": "0840"',
      '"9F1A": "08"',
      /terminal\.data\.9F1A: expected Terminal Country Code, 2 bytes in hexadecimal, found "08"/,
    ],
    [
      'no hexadecimal',
      'combinations.json',
      '"A0000000031010"',
      '"A000000003101"',
      /\[0\]\.combinations\[0\]\.aid: expected 5 to 16 bytes in hexadecimal/,
    ],
    [
      'too few bytes',
      'combinations.json',
      '"A0000000031010"',
      '"A000"',
      /\.aid: expected 5 to 16 bytes in hexadecimal, found "A000"$/,
    ],
    [
      'an odd number of digits',
      'combinations.json',
      /"ttq": "[0-9A-F]{8}"/,
      '"ttq": "2200400"',
      /\[0\]\.ttq: expected 4 bytes in hexadecimal, found "2200400"$/,
    ],
    [
      'nothing that it takes',
      'combinations.json',
      /^.*$/s,
      '[]',
      /combinations\.json: expected at least one combination set, found \[\]$/,
    ],
    [
      'an unknown kernel',
      'combinations.json',
      '"kernelId": "03"',
      '"kernelId": "2C"',
      /\[0\]\.combinations\[0\]\.kernelId: expected a kernel that is there/,
    ],
    [
      'a combination twice',
      'combinations.json',
      '"A0000000032010"',
      '"A0000000031010"',
      /\[0\]\.combinations\[1\]\.aid: expected each AID and kernel once/,
    ],
    [
      'a text that is missing',
      'texts/en.json',
      /"declined": \{[^}]*\},/,
      '',
      /texts\/en\.json: screens\.declined: expected/,
    ],
    [
      'a language without texts',
      'terminal.json',
      '"language": "en"',
      '"language": "is"',
      /terminal\.language: expected a language with texts/,
    ],
  ];
  for (const [what, file, from, to, expected] of cases) {
    it(what, () => {
      change(file, from, to);
      expect(problem()).toMatch(expected);
    });
  }

  it('a file that is not there', () => {
    rmSync(join(folder, 'combinations.json'));
    expect(problem()).toMatch(/combinations\.json: expected a file that can be read, found ENOENT/);
  });
});

const connectTo = async (more = ''): Promise<void> => {
  await ensureCertificates(join(folder, 'pem'), Date.now());
  change(
    'terminal.json',
    '{ "kind": "simulated" }',
    `{ "kind": "tls", "address": "host.example", "port": 5000, ${more}
       "certificationAuthority": "pem/authority.pem",
       "certificate": "pem/terminal.pem", "privateKey": "pem/terminal.key" }`,
  );
};

describe('the connection to a host', () => {
  it('may have a backup and a framing of its own', async () => {
    await connectTo(
      `"backup": { "address": "backup.example", "port": 5001 },
       "framing": { "tpdu": { "destination": "0003", "source": "0099" } },`,
    );
    const loaded = loadConfiguration(folder);
    if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
    expect(loaded.terminal.host.connection).toMatchObject({
      backup: { address: 'backup.example', port: 5001 },
      framing: { lengthHeader: 'binary-2', tpdu: { destination: '0003', source: '0099' } },
    });
  });

  const cases = [
    [
      '"backup": { "address": "backup.example" },',
      /host\.connection\.backup\.port: expected "port", found nothing/,
    ],
    [
      '"framing": { "lengthHeader": "binary-3" },',
      /framing\.lengthHeader: expected binary-2, .*bcd-2/,
    ],
    [
      '"framing": { "tpdu": { "destination": "3", "source": "0099" } },',
      /framing\.tpdu\.destination: expected four digits, found "3"/,
    ],
  ] as const;
  for (const [more, expected] of cases) {
    it(`is a problem with ${more}`, async () => {
      await connectTo(more);
      expect(problem()).toMatch(expected);
    });
  }
});

describe("the host's PEM files", () => {
  beforeEach(() => connectTo());
  const expected = (key: string, file: string, why: string) =>
    `host.connection.${key}: expected a PEM file that can be read, ` +
    `found "${join(folder, 'pem', file)}": ${why}`;

  it('are taken from the folder of the configuration', () => {
    expect(problem()).toBe('no problem');
  });

  const files = [
    ['certificationAuthority', 'authority.pem', 'certificate'],
    ['certificate', 'terminal.pem', 'certificate'],
    ['privateKey', 'terminal.key', 'private key (without a passphrase)'],
  ] as const;
  for (const [key, file, content] of files) {
    it(`are a problem when the ${key} is not there`, () => {
      rmSync(join(folder, 'pem', file));
      expect(problem()).toContain(`terminal.json: ${expected(key, file, 'ENOENT')}`);
    });

    it(`are a problem when the ${key} is a folder`, () => {
      rmSync(join(folder, 'pem', file));
      mkdirSync(join(folder, 'pem', file));
      expect(problem()).toContain(expected(key, file, 'EISDIR'));
    });

    it(`are a problem when the ${key} is something else`, () => {
      writeFileSync(join(folder, 'pem', file), 'no PEM at all');
      expect(problem()).toContain(expected(key, file, `no ${content} in PEM`));
    });
  }

  it('are a problem when the key stands where the certificate should', () => {
    change('terminal.json', 'pem/terminal.pem', 'pem/terminal.key');
    expect(problem()).toContain(expected('certificate', 'terminal.key', 'no certificate in PEM'));
  });
});

describe('the lights and tones of the display', () => {
  const set = (indicators: object) =>
    change(
      'terminal.json',
      '"port": 8080',
      `"port": 8080, "indicators": ${JSON.stringify(indicators)}`,
    );
  const loaded = () => {
    const configuration = loadConfiguration(folder);
    if (isConfigProblem(configuration)) throw new Error(describeConfigProblem(configuration));
    return configuration.terminal.display.indicators;
  };

  it('are those that Book A recommends unless stated', () => {
    expect(loaded()).toEqual(BOOK_A_INDICATORS);
  });

  it('are stated one by one: the rest stays as in Book A', () => {
    set({ option: 2, tones: { alert: { times: 0 }, success: { hertz: 1600 } } });
    const { success, alert } = BOOK_A_INDICATORS.tones;
    expect(loaded()).toEqual({
      option: 2,
      tones: { success: { ...success, hertz: 1600 }, alert: { ...alert, times: 0 } },
    });
  });

  it.each([
    [{ option: 3 }, /display\.indicators\.option: expected 1 or 2, found 3/],
    [{ tones: { success: { hertz: 50 } } }, /success\.hertz: expected hertz \(100 to 8000\)/],
    [{ tones: { warning: {} } }, /display\.indicators\.tones\.(warning|alert): expected/],
  ])('are a problem with %j', (indicators, expected) => {
    set(indicators);
    expect(problem()).toMatch(expected);
  });
});
