import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { accountIn, packSealed, protect, reveal, unpackSealed } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { SealedData } from '#ports/journal.ts';
import { memoryKeyStore } from '#test/support/memory-key-store.ts';

const keys = memoryKeyStore({ seed: 1 });
/** A test range's number, in no real card. */
const PAN = '4761739001010119';
const account = { pan: PAN, expiry: '2812', track2: `${PAN}=28122010000000000` };

const kept = (sealed: readonly SealedData[]) => async (name: SealedData['name']) =>
  sealed.find((one) => one.name === name)?.value ?? undefined;

const sealedAccount = async (payment = 'A1') => {
  const sealed = await protect(account, payment, keys);
  if (isFault(sealed)) throw new Error(sealed.detail);
  return sealed;
};

describe('the account in a data record', () => {
  test('comes from track 2 equivalent data, padding left out', () => {
    const data = new Map([[tag.track2EquivalentData, hex(`${PAN}D2812201000000000F`)]]);
    expect(accountIn(data)).toEqual({
      pan: PAN,
      expiry: '2812',
      track2: `${PAN}=2812201000000000`,
    });
  });

  test('comes from number and expiry where there is no track 2', () => {
    const data = new Map([
      [tag.applicationPan, hex('6759000000000000005F')],
      [tag.applicationExpirationDate, hex('281231')],
    ]);
    expect(accountIn(data)).toEqual({ pan: '6759000000000000005', expiry: '2812' });
  });

  test('is none where the card gave none', () => {
    expect(accountIn(new Map())).toBeUndefined();
  });
});

describe('an account under seal', () => {
  test('shows people first six and last four digits, and is the same token each time', async () => {
    const [one, other] = [await sealedAccount('A1'), await sealedAccount('A2')];
    expect(one.maskedPan).toBe('476173******0119');
    expect(one.token).toBe(other.token);
    expect(one.token).not.toContain(PAN.slice(0, 8));
  });

  test('is never the same bytes twice, and holds no digit of the number', async () => {
    const [one, other] = [await sealedAccount('A1'), await sealedAccount('A1')];
    expect(one.sealed[0]?.value).not.toEqual(other.sealed[0]?.value);
    const bytes = Buffer.concat(one.sealed.map(({ value }) => value ?? new Uint8Array()));
    expect(bytes.includes(PAN)).toBe(false);
    expect(bytes.toString('hex')).not.toContain(PAN);
  });

  test('is opened for its own payment', async () => {
    const { sealed } = await sealedAccount('A1');
    expect(await reveal('A1', kept(sealed), keys)).toEqual(account);
  });

  test('is not opened for another payment', async () => {
    const { sealed } = await sealedAccount('A1');
    expect(await reveal('A2', kept(sealed), keys)).toMatchObject({ fault: 'keys' });
  });

  test('without track 2, erased after the authorisation, is number and expiry', async () => {
    const { sealed } = await sealedAccount('A1');
    const numberOnly = sealed.filter(({ name }) => name === 'account');
    expect(await reveal('A1', kept(numberOnly), keys)).toEqual({ pan: PAN, expiry: '2812' });
  });

  test('that was erased, or is no seal, is a fault that says whose', async () => {
    expect(await reveal('A1', async () => undefined, keys)).toMatchObject({
      fault: 'keys',
      detail: 'payment A1 has no account data',
    });
    expect(await reveal('A1', async () => hex('0102'), keys)).toMatchObject({ fault: 'keys' });
  });
});

test('what is packed for the journal is unpacked as it was, and rubbish is not', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(bytes, bytes, fc.option(bytes), (keySerialNumber, ciphertext, wrapped) => {
      const sealed = {
        keySerialNumber,
        ciphertext,
        ...(wrapped === null ? {} : { wrappedKey: wrapped }),
      };
      const packed = packSealed(sealed);
      expect(unpackSealed(packed)).toEqual(sealed);
      expect(unpackSealed(packed.slice(0, -1))).toBeUndefined();
      expect(unpackSealed(new Uint8Array([...packed, 0]))).toBeUndefined();
    }),
  );
});
