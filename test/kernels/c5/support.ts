import { toBcd } from '#bytes/bcd.ts';
import { hex } from '#bytes/hex.ts';
import { kernel5 } from '#kernels/c5/kernel.ts';
import type {
  Authentication,
  KernelInput,
  PreprocessingIndicators,
} from '#kernels/shared/kernel.ts';
import type { Kernel5Options } from '#kernels/shared/kernel-options.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { answer, type Objects, tlvs } from '#test/kernels/c3/support.ts';
import { type Play, type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('A0000000651010');
export const PAN = '3566002020360505';
export const UNPREDICTABLE = hex('C0FFEE01');

export const PDOL = '9F52019F53039F02069F3704';
/** 9F02 95 9F37 9F53 9F34: the unpredictable number stands behind 11 bytes. */
export const CDOL1 = '9F020695059F37049F53039F3403';
export const UN_AT = 11;
export const CDOL2 = '8A02910A9F37049505';

export const fciOf = (inside: Objects = {}) =>
  encodeTlv(
    0x6f,
    encodeTlv(0x84, AID),
    encodeTlv(0xa5, tlvs({ '50': '4A4342', '9F38': PDOL, '5F2D': '6A61656E', ...inside })),
  );

export const RECORD: Objects = {
  '57': `${PAN}D30112010000000000000F`,
  '5A': PAN,
  '5F24': '301130',
  '5F25': '240101',
  '5F34': '01',
  '5F28': '0840',
  '8C': CDOL1,
  '8D': CDOL2,
  '8E': '0000000000000000 4203 1E03 1F03',
  '9F07': 'FFC0',
  '9F08': '0200',
  '9F0D': '9040008004',
  '9F0E': '0000000000',
  '9F0F': '9060009004',
  '9F6E': '20010000',
};

export const CRYPTOGRAM = '1122334455667788';

/** What the card says to GENERATE AC, beside cryptogram and signature. */
export const LIVE: Objects = { '9F36': '0042', '9F10': '07010103A0000001', '9F50': '00' };

export interface Story {
  /** By default cardholder verification, EMV mode, and no CDA. */
  readonly aip?: string;
  readonly gpo?: Uint8Array;
  /** Changes to the record. */
  readonly record?: Objects;
  /** Changes to the answer to GENERATE AC. */
  readonly cryptogram?: Objects;
  /** All of that answer. */
  readonly generateAc?: Uint8Array;
  /** Cryptogram Information Data by what was asked for; by default just that. */
  readonly decides?: (asked: number) => number;
  /** What it answers to the second GENERATE AC and to scripts, in turn; then 9000. */
  readonly later?: readonly Uint8Array[];
}

/** A card without a key, of one record. */
export const plainCard = (story: Story = {}): ScriptedCard => {
  let asked = false;
  const later = [...(story.later ?? [])];
  return (command) => {
    const [, ins = 0, p1 = 0] = command;
    if (ins === 0xa8) {
      return story.gpo ?? answer(0x77, { '82': story.aip ?? '1880', '94': '08010100' });
    }
    if (ins === 0xb2) return answer(0x70, { ...RECORD, ...story.record });
    if (ins !== 0xae || asked) return later.shift() ?? hex('9000');
    asked = true;
    if (story.generateAc !== undefined) return story.generateAc;
    const cid = story.decides?.(p1 & 0xc0) ?? p1 & 0xc0;
    const cidText = cid.toString(16).padStart(2, '0');
    return answer(0x77, { '9F27': cidText, '9F26': CRYPTOGRAM, ...LIVE, ...story.cryptogram });
  };
};

/** A legacy card: its PDOL asks for no 9F52, and its cryptogram comes in format 1. */
export const legacyCard = (story: Story = {}): ScriptedCard =>
  plainCard({
    aip: '1800',
    generateAc: answer(0x80, hex(`80 0042 ${CRYPTOGRAM} 07010103A0000001`)),
    ...story,
  });

export const LEGACY_FCI = fciOf({ '9F38': '9F02069F3704' });

/** Terminal Interchange Profiles, byte 1: what the reader can. */
export const READER = { none: '000000', plain: '500000', pin: '700000', chip: '520000' };

export interface Tap {
  readonly tip?: string;
  readonly type?: number;
  readonly amount?: number;
  readonly flags?: Partial<PreprocessingIndicators>;
  readonly options?: Partial<Kernel5Options>;
  readonly authentication?: Authentication;
  readonly fci?: Uint8Array;
  readonly terminal?: Objects;
  readonly onlineResponse?: string;
  readonly before?: (tag: number) => Uint8Array | undefined;
  readonly clearance?: boolean;
}

export const kernelInput = (tap: Tap = {}): KernelInput => {
  const { type = 0, amount = 1250 } = tap;
  const terminal = new Map([
    [0x9a, hex('260615')],
    [0x9c, Uint8Array.of(type)],
    [0x9f02, toBcd(amount, 6)],
    [0x9f03, toBcd(0, 6)],
    [0x5f2a, hex('0840')],
    [0x9f1a, hex('0840')],
    [0x9f35, hex('22')],
    [0x9f53, hex(tap.tip ?? READER.plain)],
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
    transaction: { type, amountAuthorised: amount, amountOther: 0, currency: 840 },
    preprocessing: {
      statusCheckRequested: false,
      contactlessApplicationNotAllowed: false,
      zeroAmount: false,
      readerCvmRequiredLimitExceeded: false,
      readerContactlessFloorLimitExceeded: false,
      ...tap.flags,
    },
    terminal,
    unpredictableNumber: UNPREDICTABLE,
    ...(tap.authentication ? { authentication: tap.authentication } : {}),
    ...(tap.onlineResponse === undefined ? {} : { onlineResponse: hex(tap.onlineResponse) }),
    ...(tap.before ? { before: tap.before } : {}),
    ...(tap.clearance ? { clearance: true } : {}),
    ...(tap.options ? { options: { kernel5: tap.options } } : {}),
  };
};

export const tap = (card: ScriptedCard, how: Tap = {}, more: Play = {}): Played<Outcome> =>
  play(kernel5(kernelInput(how)), card, more);

export const CVM_REQUIRED = { readerCvmRequiredLimitExceeded: true };

/** The TVR at the end, in hexadecimal. */
export const tvrOf = ({ report }: Outcome): string =>
  Buffer.from(report?.tvr ?? [])
    .toString('hex')
    .toUpperCase();

/** P1 of GENERATE AC, in hexadecimal: what was asked for. */
export const askedFor = (commands: readonly string[]): string | undefined =>
  commands.find((one) => one.startsWith('80AE'))?.slice(4, 6);
