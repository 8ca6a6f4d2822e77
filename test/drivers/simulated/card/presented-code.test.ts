import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { cardCode, memoryStore, verifyCryptogram } from '#drivers/simulated/index.ts';
import { type ConsumerApplication, consumerAccount, decodeConsumerCode } from '#qr/index.ts';

const PHONES = ['visa', 'mastercard', 'amex', 'discover', 'jcb']
  .map((scheme) => `${scheme}-phone`)
  .concat('unionpay-phone-offline');

const shownBy = (name: string, store = memoryStore()): ConsumerApplication => {
  const text = cardCode(name, { store });
  if (typeof text !== 'string') throw new Error(text.problem);
  const code = decodeConsumerCode(text);
  if (isMalformed(code)) throw new Error(code.problem);
  const [application] = code.applications;
  if (application === undefined) throw new Error('no application');
  return application;
};

const checked = (application: ConsumerApplication, byCode = true) => {
  const { pan = '', panSequence } = consumerAccount(application) ?? {};
  const sequence = panSequence?.toString().padStart(2, '0');
  return verifyCryptogram(application.data, pan, sequence, byCode);
};

describe('the code that a phone shows', () => {
  test.each(PHONES)('of %s holds its account and a cryptogram that its issuer knows', (name) => {
    const application = shownBy(name);
    expect(checked(application)).toMatchObject({
      ok: true,
      standIn: expect.stringContaining('our stand-in for consumer-presented codes'),
    });
    // 4F, 57; 9F26, 9F27, 9F10, 9F36, 82 and 9F37 out of template 63.
    const tags = [0x4f, 0x57, 0x9f26, 0x9f27, 0x9f10, 0x9f36, 0x82, 0x9f37];
    expect(tags.filter((one) => !application.data.has(one))).toEqual([]);
  });

  test('is another one each time, and counts like a tap', () => {
    const store = memoryStore(6);
    const [first, second] = [shownBy('visa-phone', store), shownBy('visa-phone', store)];
    const counter = (of: ConsumerApplication) =>
      toHex(of.data.get(tag.applicationTransactionCounter) ?? new Uint8Array());
    expect([counter(first), counter(second)]).toEqual(['0007', '0008']);
    expect(first.data.get(tag.applicationCryptogram)).not.toEqual(
      second.data.get(tag.applicationCryptogram),
    );
    expect(store.load()).toBe(8);
  });

  test.each([
    ['its cryptogram', tag.applicationCryptogram],
    ['its counter', tag.applicationTransactionCounter],
    ['its unpredictable number', tag.unpredictableNumber],
  ])('is refused by its issuer when somebody changed %s', (_what, changed) => {
    const application = shownBy('visa-phone');
    const data = new Map(application.data);
    data.set(
      changed,
      (data.get(changed) ?? new Uint8Array()).map((byte) => byte ^ 1),
    );
    expect(checked({ ...application, data })).toMatchObject({ ok: false });
  });

  test('is no tap: as one, its cryptogram is worth nothing', () => {
    expect(checked(shownBy('visa-phone'), false)).toMatchObject({ ok: false });
  });

  test.each([
    ['visa-plastic', 'visa-plastic: no phone: it has no screen to show a code on'],
    ['kernel-8-phone', 'kernel-8-phone: a phone of kernel 8 shows no codes'],
    ['nobody', expect.stringContaining('no card is called "nobody"')],
  ])('is not shown by %s', (name, problem) => {
    const store = memoryStore();
    expect(cardCode(name, { store })).toEqual({ problem });
    expect(store.load()).toBe(0);
  });
});
