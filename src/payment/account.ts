import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { maskPan } from '#data/mask.ts';
import { fromAscii, toAscii } from '#iso8583/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { SealedData } from '#ports/journal.ts';
import type { KeyStore } from '#ports/key-store.ts';
import { packSealed, unpackSealed } from './sealed.ts';

/** Account data in the clear: only between a kernel and the seal, and between seal and wire. */
export interface Account {
  readonly pan: string;
  /** YYMM. */
  readonly expiry?: string;
  /** With '=' as its separator. */
  readonly track2?: string;
}

/** What may be kept of it: a mask for people, a token for look-ups, the rest under seal. */
export interface ProtectedAccount {
  readonly maskedPan: string;
  readonly token: string;
  /** For the journal. */
  readonly sealed: readonly SealedData[];
}

/** The account in a kernel's data record: 57, else 5A and 5F24. */
export const accountIn = (data: ReadonlyMap<number, Uint8Array>): Account | undefined => {
  const track2 = data.get(tag.track2EquivalentData);
  if (track2 !== undefined) {
    const [pan = '', rest = ''] = toHex(track2).replace(/F+$/, '').split('D');
    return { pan, expiry: rest.slice(0, 4), track2: `${pan}=${rest}` };
  }
  const pan = fromCompressedNumeric(data.get(tag.applicationPan) ?? new Uint8Array());
  if (pan === undefined || pan === '') return undefined;
  const expiry = data.get(tag.applicationExpirationDate);
  return { pan, ...(expiry === undefined ? {} : { expiry: toHex(expiry).slice(0, 4) }) };
};

/**
 * Seals an account for one payment. Track 2 lies apart: it may not outlive the authorisation,
 * while the number is needed for reversals and refunds. PCI DSS 3.3
 */
export const protect = async (
  account: Account,
  payment: string,
  keys: KeyStore,
): Promise<ProtectedAccount | Fault> => {
  const token = await keys.token(account.pan);
  if (isFault(token)) return token;
  const number = `${account.pan}=${account.expiry ?? ''}`;
  const parts = [['account', number] as const, ['track2', account.track2] as const];
  const sealed: SealedData[] = [];
  for (const [name, text] of parts) {
    if (text === undefined) continue;
    const one = await keys.seal(toAscii(text), `${payment} ${name}`, true);
    if (isFault(one)) return one;
    sealed.push({ payment, name, value: packSealed(one) });
  }
  return { maskedPan: maskPan(account.pan), token, sealed };
};

/** The account of a payment again, for a message. `read` gives what the journal keeps. */
export const reveal = async (
  payment: string,
  read: (name: SealedData['name']) => Promise<Uint8Array | undefined | Fault>,
  keys: KeyStore,
): Promise<Account | Fault> => {
  const number = await revealOne(payment, 'account', read, keys);
  if (isFault(number)) return number;
  if (number === undefined) return fault('keys', `payment ${payment} has no account data`);
  const track2 = await revealOne(payment, 'track2', read, keys);
  if (isFault(track2)) return track2;
  const [pan = '', expiry = ''] = number.split('=');
  return {
    pan,
    ...(expiry === '' ? {} : { expiry }),
    ...(track2 === undefined ? {} : { track2 }),
  };
};

const revealOne = async (
  payment: string,
  name: SealedData['name'],
  read: (name: SealedData['name']) => Promise<Uint8Array | undefined | Fault>,
  keys: KeyStore,
): Promise<string | undefined | Fault> => {
  const packed = await read(name);
  if (packed === undefined || isFault(packed)) return packed;
  const sealed = unpackSealed(packed);
  if (sealed === undefined) {
    return fault('keys', `payment ${payment}: its sealed ${name} can't be read`);
  }
  const plain = await keys.open(sealed, `${payment} ${name}`);
  return isFault(plain) ? plain : fromAscii(plain);
};
