import { toBcd } from '#bytes/bcd.ts';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { kernel3 } from '#kernels/c3/kernel.ts';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import type { Kernel3Options } from '#kernels/shared/kernel-options.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('A0000000031010');
export const PAN = '4761739001010119';
export const UNPREDICTABLE = hex('C0FFEE01');

/** Data objects as hexadecimal; undefined takes one away. */
export type Objects = Readonly<Record<string, string | undefined>>;

export const tlvs = (objects: Objects): Uint8Array =>
  concat(
    ...Object.entries(objects).flatMap(([tag, value]) =>
      value === undefined ? [] : [encodeTlv(Number.parseInt(tag, 16), hex(value))],
    ),
  );

const OK = hex('9000');

export const answer = (template: number, content: Objects | Uint8Array): Uint8Array =>
  concat(encodeTlv(template, content instanceof Uint8Array ? content : tlvs(content)), OK);

/** What the reader tells the card, in this order: 9F66 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37. */
export const PDOL = '9F66049F02069F03069F1A0295055F2A029A039C019F3704';

export const fciOf = (inside: Objects = { '50': '56495341', '9F38': PDOL, '5F2D': '656E6573' }) =>
  encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0xa5, tlvs(inside)));

/** An application that goes online without a record to read. */
export const ONLINE: Objects = {
  '82': '2020',
  '57': '4761739001010119D28122011143878089',
  '5F34': '01',
  '9F10': '06011203A00000',
  '9F26': '1122334455667788',
  '9F27': '80',
  '9F36': '0042',
  '9F6C': '0000',
  '9F6E': '2070000F',
};

/** TTQ bytes 1 to 3 by what the reader can: EMV mode, and CDCVM as every reader. */
export const READER = { plain: '20004000', pin: '24004000', sign: '22004000', both: '26004000' };

export interface Tap {
  /** 9F66 as Entry Point hands it over. */
  readonly ttq?: string;
  readonly type?: number;
  readonly amount?: number;
  readonly other?: number;
  readonly options?: Partial<Kernel3Options>;
  readonly authentication?: Authentication;
  readonly issuerData?: string;
  readonly fci?: Uint8Array;
  readonly terminal?: Objects;
}

export const kernelInput = (tap: Tap = {}): KernelInput => {
  const { ttq = READER.plain, type = 0, amount = 1250, other = 0 } = tap;
  const terminal = new Map([
    [0x9a, hex('260615')],
    [0x9c, Uint8Array.of(type)],
    [0x9f02, toBcd(amount, 6)],
    [0x9f03, toBcd(other, 6)],
    [0x5f2a, hex('0840')],
    [0x9f1a, hex('0840')],
  ]);
  for (const [tag, value] of Object.entries(tap.terminal ?? {})) {
    if (value === undefined) terminal.delete(Number.parseInt(tag, 16));
    else terminal.set(Number.parseInt(tag, 16), hex(value));
  }
  return {
    start: 'B',
    restart: false,
    adfName: AID,
    aid: AID,
    fci: tap.fci ?? fciOf(),
    transaction: { type, amountAuthorised: amount, amountOther: other, currency: 840 },
    preprocessing: {
      statusCheckRequested: false,
      contactlessApplicationNotAllowed: false,
      zeroAmount: false,
      readerCvmRequiredLimitExceeded: false,
      readerContactlessFloorLimitExceeded: false,
      ttq: hex(ttq),
    },
    terminal,
    unpredictableNumber: UNPREDICTABLE,
    ...(tap.authentication ? { authentication: tap.authentication } : {}),
    ...(tap.issuerData === undefined ? {} : { issuerData: hex(tap.issuerData) }),
    ...(tap.options ? { options: { kernel3: tap.options } } : {}),
  };
};

export const tap = (card: ScriptedCard, how: Tap = {}): Played<Outcome> =>
  play(kernel3(kernelInput(how)), card);

/** Answers GET PROCESSING OPTIONS with these objects, and every record from its place. */
export const cardOf =
  (gpo: Objects, records: Readonly<Record<string, Objects | Uint8Array>> = {}): ScriptedCard =>
  (command) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    if (ins === 0xa8) return answer(0x77, gpo);
    const content = records[`${p2 >> 3}.${p1}`];
    return content === undefined ? hex('6A83') : answer(0x70, content);
  };

export const onlineCard = (changes: Objects = {}): ScriptedCard =>
  cardOf({ ...ONLINE, ...changes });

/** Whatever is asked, this answer. */
export const always =
  (response: string): ScriptedCard =>
  () =>
    hex(response);

export const elementsOf = (list: Outcome['dataRecord']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list.map(({ tag, value }) => [
      tag.toString(16).toUpperCase(),
      Buffer.from(value).toString('hex').toUpperCase(),
    ]),
  );

/** The texts of why, in one string. */
export const why = ({ why: reasons }: Outcome): string => reasons.map((one) => one.why).join('; ');
