import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { kernel2 } from '#kernels/c2/kernel.ts';
import type { KernelInput } from '#kernels/shared/kernel.ts';
import type { DataElement, Outcome } from '#kernels/shared/outcome.ts';
import { type Play, type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('A0000000041010');
export const PAN = '5413330089010012';

/** Data objects as hexadecimal; undefined takes one away. */
export type Objects = Readonly<Record<string, string | undefined>>;

export const tlvs = (objects: Objects): Uint8Array =>
  concat(
    ...Object.entries(objects).flatMap(([tag, value]) =>
      value === undefined ? [] : [encodeTlv(Number.parseInt(tag, 16), hex(value))],
    ),
  );

/** An answer with status word 9000: a template around objects or bytes. */
export const answer = (template: number, content: Objects | Uint8Array): Uint8Array =>
  concat(encodeTlv(template, content instanceof Uint8Array ? content : tlvs(content)), hex('9000'));

export const fciOf = (inside: Objects = {}, discretionary?: Objects): Uint8Array =>
  encodeTlv(
    0x6f,
    encodeTlv(0x84, AID),
    encodeTlv(
      0xa5,
      tlvs({ '50': '4D617374657263617264', '5F2D': '656E6573', ...inside }),
      ...(discretionary === undefined ? [] : [encodeTlv(0xbf0c, tlvs(discretionary))]),
    ),
  );

/** 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 9F35 9F34: the random number stands at offset 25. */
export const CDOL1 = '9F02069F03069F1A0295055F2A029A039C019F37049F35019F3403';
export const UN_AT = 25;
export const TVR_AT = 14;
export const CVM_RESULTS_AT = 30;

/** One record, as an online-only card has it. */
export const RECORD: Objects = {
  '57': '5413330089010012D28122010143878089',
  '5A': PAN,
  '5F24': '281231',
  '5F28': '0840',
  '5F34': '01',
  '8C': CDOL1,
  // Online PIN, signature, no CVM: each where the terminal supports it.
  '8E': '000000000000000042031E031F03',
  '9F07': 'FFC0',
  '9F08': '0002',
  '9F0D': '0000000000',
  '9F0E': '0000000000',
  '9F0F': '0000000000',
  '9F42': '0840',
};

/** What GENERATE AC answers without CDA; 9F27 as asked for, unless a story says otherwise. */
export const CRYPTOGRAM: Objects = {
  '9F36': '0042',
  '9F26': '1122334455667788',
  '9F10': '0110A00003220000000000000000000000FF',
};

export interface Story {
  /** Changes to AIP (82), AFL (94) or more in GET PROCESSING OPTIONS. */
  readonly gpo?: Objects;
  readonly record?: Objects;
  readonly cryptogram?: Objects;
  /** Whole answers by the command's instruction byte: 168 GPO, 178 READ RECORD, 174 GENERATE AC. */
  readonly answers?: Readonly<Record<number, string | 'timeout' | 'transmission' | 'protocol'>>;
}

export const GPO = 0xa8;
export const READ = 0xb2;
export const GENERATE = 0xae;
export const RELAY = 0xea;

/** AIP: cardholder verification and terminal risk management; EMV mode. */
export const AIP = '1880';

/** A card without CDA: one record, and the cryptogram that was asked for. */
export const plainCard = (story: Story = {}): ScriptedCard => {
  return (command) => {
    const [, ins = 0, p1 = 0] = command;
    const whole = story.answers?.[ins];
    if (whole === 'timeout' || whole === 'transmission' || whole === 'protocol') return whole;
    if (whole !== undefined) return hex(whole);
    if (ins === GPO) return answer(0x77, { '82': AIP, '94': '08010100', ...story.gpo });
    if (ins === READ) return answer(0x70, { ...RECORD, ...story.record });
    if (ins !== GENERATE) return hex('6D00');
    const type = toHex(Uint8Array.of(p1 & 0xc0));
    return answer(0x77, { '9F27': type, ...CRYPTOGRAM, ...story.cryptogram });
  };
};

/** Reader configuration: everything goes online; CVM limit 100.00, transaction limit 1000.00. */
export const READER: Objects = {
  '9A': '260615',
  '9C': '00',
  '9F02': '000000001250',
  '9F03': '000000000000',
  '5F2A': '0840',
  '9F1A': '0840',
  '9F35': '22',
  '9F40': '6000F0A001',
  DF8117: '00',
  DF8118: '60',
  DF8119: '08',
  DF811B: '30',
  DF811F: '08',
  DF8120: '0000000000',
  DF8121: '0000000000',
  DF8122: 'FFFFFFFFFF',
  DF8123: '000000010000',
  DF8124: '000000100000',
  DF8125: '000000200000',
  DF8126: '000000010000',
};

export interface How extends Partial<Pick<KernelInput, 'authentication' | 'dataExchange'>> {
  /** Changes to the reader's and the transaction's data. */
  readonly terminal?: Objects;
  readonly fci?: Uint8Array;
  readonly options?: KernelInput['options'];
  readonly play?: Play;
}

export const kernelInput = ({
  terminal = {},
  fci = fciOf(),
  options,
  ...how
}: How): KernelInput => {
  const data = new Map<number, Uint8Array>();
  for (const [tag, value] of Object.entries({ ...READER, ...terminal })) {
    if (value !== undefined) data.set(Number.parseInt(tag, 16), hex(value));
  }
  return {
    start: 'B',
    restart: false,
    adfName: AID,
    aid: AID,
    fci,
    transaction: { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 },
    preprocessing: {
      statusCheckRequested: false,
      contactlessApplicationNotAllowed: false,
      zeroAmount: false,
      readerCvmRequiredLimitExceeded: false,
      readerContactlessFloorLimitExceeded: false,
    },
    terminal: data,
    unpredictableNumber: hex('C0FFEE01'),
    ...(how.authentication ? { authentication: how.authentication } : {}),
    ...(how.dataExchange ? { dataExchange: how.dataExchange } : {}),
    ...(options ? { options } : {}),
  };
};

export interface Tap extends Played<Outcome> {
  /** Data record and discretionary data by tag, in hexadecimal. */
  readonly record: Readonly<Record<string, string>>;
  readonly discretionary: Readonly<Record<string, string>>;
  /** TVR at the end. */
  readonly tvr: string;
  /** GENERATE AC's P1 and data; undefined if it was not sent. */
  readonly generate: { readonly p1: string; readonly data: string } | undefined;
}

export const tap = (card: ScriptedCard, how: How = {}): Tap => {
  const played = play(kernel2(kernelInput(how)), card, how.play);
  const generate = played.commands.find((command) => command.startsWith('80AE'));
  return {
    ...played,
    record: byTag(played.result.dataRecord),
    discretionary: byTag(played.result.discretionaryData),
    tvr: toHex(played.result.report?.tvr ?? new Uint8Array(0)),
    generate:
      generate === undefined
        ? undefined
        : { p1: generate.slice(4, 6), data: generate.slice(10, -2) },
  };
};

/** A tap with a card that does as it should but for the story. */
export const plainTap = (story: Story = {}, how: How = {}): Tap => tap(plainCard(story), how);

/** One field of GENERATE AC's data, in hexadecimal. */
export const field = ({ generate }: Tap, at: number, length: number): string =>
  (generate?.data ?? '').slice(2 * at, 2 * (at + length));

export const byTag = (list: readonly DataElement[]): Readonly<Record<string, string>> =>
  Object.fromEntries(list.map(({ tag, value }) => [tag.toString(16).toUpperCase(), toHex(value)]));

/** Error Indication (DF8115): L1, L2, L3, SW, message. */
export const errorOf = ({ discretionary }: Tap): string | undefined => discretionary['DF8115'];

/** End Application: "insert, swipe or try another card", held for 1.3 seconds. */
export const OTHER_CARD = {
  outcome: 'endApplication',
  start: 'none',
  uiOnOutcome: { messageId: '1C', status: 'notReady', holdMs: 1300 },
  uiOnRestart: null,
};

/** End Application with a restart at B: "present card again". */
export const PRESENT_AGAIN = {
  outcome: 'endApplication',
  start: 'B',
  uiOnOutcome: null,
  uiOnRestart: { messageId: '21', status: 'readyToRead', holdMs: 0 },
};

/** Select Next, restart at C; nothing shown, the field stays. */
export const NEXT = {
  outcome: 'selectNext',
  start: 'C',
  uiOnOutcome: null,
  uiOnRestart: null,
  fieldOffMs: null,
  dataRecord: [],
};
