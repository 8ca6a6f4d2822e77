import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { crc16 } from '#qr/crc16.ts';
import { CONSUMER_CODE, MERCHANT_CODES, REFUSED_MERCHANT_CODES } from '#test/qr/samples.ts';

const countertap = async (words: readonly string[], input = '') => {
  const child = spawn('scripts/countertap', ['qr', ...words]);
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { out, err, code: Number(code) };
};

const SHOP = ['--name', 'TEST SHOP', '--city', 'PARIS', '--mcc', '5411', '--country', 'FR'];

describe('countertap qr decode', () => {
  it('shows a shopper’s code from standard input, its account masked', async () => {
    const { out, code } = await countertap(['decode', '-'], `${CONSUMER_CODE}\n`);
    expect(code).toBe(0);
    expect(out).toMatch(/^61 +Application Template/m);
    expect(out).toMatch(/^ {2}57 +Track 2 Equivalent Data: 626360\*{6}3672$/m);
    expect(out).toMatch(/^ {4}9F26 +Application Cryptogram: 568AD7BCE66B718B$/m);
    expect(out).not.toContain('6263600100713672');
  });

  it('shows what can be read of a shop’s code that it refuses, and why', async () => {
    const [promptPay = ''] = Object.values(REFUSED_MERCHANT_CODES)[0] ?? [];
    const { out, code } = await countertap(['decode', promptPay]);
    expect(code).toBe(3);
    expect(out).toMatch(/^29 +Merchant Account Information$/m);
    expect(out).toContain('refused: 59 at 68: Merchant Name is missing');
  });

  it('tells a wallet’s code and hides it', async () => {
    const { out, code } = await countertap(['decode', '281234567890123456', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      kind: 'wallet',
      wallet: 'alipay',
      code: '28**************56 (18)',
    });
  });

  it('guesses nothing', async () => {
    const both = await countertap(['decode', '912345670018']);
    expect(both).toMatchObject({ code: 3, out: 'not clear: it fits retailer and product\n' });
    const scanned = await countertap(['decode', '912345670018', '--symbology', ']E0']);
    expect(scanned).toMatchObject({ code: 0, out: expect.stringContaining('UPC-A') });
  });
});

describe('countertap qr encode', () => {
  it('makes a code for one payment, draws it, and decode reads it', async () => {
    const { out, code } = await countertap([
      ...['encode', ...SHOP, '--currency', 'EUR', '--amount', '12.50', '--account', '02:acct'],
      ...['--account', '26:com.example,01=shop', '--reference', 'ABC', '--draw'],
    ]);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(15);
    expect(lines[0]).toMatch(/^█+$/);
    const read = await countertap(['decode', lines.at(-1) ?? '']);
    expect(read.code).toBe(0);
    expect(read.out).toContain('Transaction Amount: 12.50');
    expect(read.out).toMatch(/^ {2}05 +Reference Label: ABC$/m);
  });

  it('makes any code again from what decode prints, but not from masked values', async () => {
    const body = '0002010102120204acct5204541153039785802FR5909TEST SHOP6005PARIS6304';
    const own = body + crc16(body);
    const visa = MERCHANT_CODES['the same, DecodeQR5'];
    const folder = await mkdtemp(join(tmpdir(), 'countertap-qr-'));
    try {
      const file = join(folder, 'code.json');
      await writeFile(file, (await countertap(['decode', own, '--json'])).out);
      expect(await countertap(['encode', '--json', file])).toMatchObject({ out: `${own}\n` });
    } finally {
      await rm(folder, { recursive: true });
    }
    const masked = await countertap(['decode', visa, '--json']);
    const refused = await countertap(['encode', '--json', '-'], masked.out);
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('masked') });
  });

  it('makes a shopper’s code from a tree of tags', async () => {
    const application = { tag: '61', objects: [{ tag: '4F', value: 'A0000000031010' }] };
    const objects = [{ tag: '85', value: '4350563031' }, application];
    const { out } = await countertap(['encode', '--json', '-'], JSON.stringify({ objects }));
    expect(out).toBe('hQVDUFYwMWEJTwegAAAAAxAQ\n');
  });

  it.each([
    [['--currency', 'EUR'], 'no merchant account'],
    [['--currency', 'EURO'], '--currency: a code such as EUR'],
    [['--currency', 'JPY', '--amount', '1.50'], 'decimal places'],
    [['--currency', 'EUR', '--account', '77:x'], '--account: 02:VALUE'],
  ])('says what is wrong with %j', async (words, why) => {
    const { err, code } = await countertap(['encode', ...SHOP, ...words]);
    expect(code).toBe(3);
    expect(err).toContain(why);
  });
});
