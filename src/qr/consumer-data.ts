import { concat } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { lookUp, tag } from '#data/dictionary.ts';
import { maskValue } from '#data/mask.ts';
import { encodeTlv, tagText } from '#tlv/tlv.ts';
import type { ConsumerApplication, ConsumerObject } from './consumer-code.ts';

/** Whose account an application of a code names, for the fields that hold it (DE 2, 14, 23, 35). */
export interface ConsumerAccount {
  /** Digits. */
  readonly pan: string;
  /** Digits YYMM; undefined where the code has neither 57 nor 5F24. */
  readonly expiry: string | undefined;
  /** Track 2 as in field 35, with its separator D; undefined without 57. */
  readonly track2: string | undefined;
  /** 5F34. */
  readonly panSequence: number | undefined;
}

/** One object as people may see it. */
export interface ConsumerLine {
  readonly tag: string;
  readonly title: string | undefined;
  /** Hexadecimal, or what its sensitivity leaves of it; undefined for a template. */
  readonly value: string | undefined;
  /** Whether the value isn't all there is. */
  readonly masked: boolean;
  readonly objects: readonly ConsumerLine[];
}

/**
 * DE 55 of a payment with this application: what it and the templates common to all say, one after
 * the other, templates 63 and 64 opened and not looked into. Account data (57, 5A, 5F20) has fields
 * of its own.
 */
export const consumerIccData = ({ data }: ConsumerApplication): Uint8Array =>
  concat(
    ...[...data]
      .filter(([number]) => !OUTSIDE_ICC_DATA.has(number))
      .map(([number, value]) => encodeTlv(number, value)),
  );

/** Whether the code brings a cryptogram (9F26) that an issuer can verify. */
export const hasCryptogram = ({ data }: ConsumerApplication): boolean =>
  data.has(tag.applicationCryptogram);

/** The account, from 57 or 5A; undefined where neither can be read. */
export const consumerAccount = ({ data }: ConsumerApplication): ConsumerAccount | undefined => {
  const track2 = digitsOf(data.get(tag.track2EquivalentData));
  const [fromTrack = '', rest = ''] = track2.split('D');
  const pan = fromTrack === '' ? digitsOf(data.get(tag.applicationPan)) : fromTrack;
  if (!/^[0-9]{8,19}$/.test(pan)) return undefined;
  const expiry = rest.slice(0, 4) || digitsOf(data.get(tag.applicationExpirationDate)).slice(0, 4);
  const sequence = data.get(tag.applicationPanSequenceNumber);
  return {
    pan,
    expiry: /^[0-9]{4}$/.test(expiry) ? expiry : undefined,
    track2: fromTrack === '' || rest === '' ? undefined : track2,
    panSequence: sequence === undefined ? undefined : Number.parseInt(toHex(sequence), 10),
  };
};

/** Every object of a code, masked by the data dictionary's sensitivity. */
export const consumerLines = (objects: readonly ConsumerObject[]): readonly ConsumerLine[] =>
  objects.map((object) => {
    const number = object.tag;
    const head = { tag: tagText(number), title: lookUp(number, 'QR-CPM')?.title };
    if ('objects' in object) {
      return { ...head, value: undefined, masked: false, objects: consumerLines(object.objects) };
    }
    const value = maskValue(number, object.value, 'QR-CPM');
    return { ...head, value, masked: value !== toHex(object.value), objects: [] };
  });

const OUTSIDE_ICC_DATA: ReadonlySet<number> = new Set([
  tag.track2EquivalentData,
  tag.applicationPan,
  tag.cardholderName,
]);

// Compressed numeric and track 2: padded with F.
const digitsOf = (value: Uint8Array | undefined): string =>
  value === undefined ? '' : toHex(value).replace(/F+$/, '');
