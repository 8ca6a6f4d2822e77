import { hex, toHex } from '#bytes/hex.ts';
import { EPHEMERAL_SEED_BYTES, ephemeralKey } from '#crypto/blinded-diffie-hellman.ts';
import { eccAuthorityKey } from '#drivers/simulated/issuer/ecc.ts';
import { kernel8 } from '#kernels/c8/kernel.ts';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import type { DataElement, Outcome } from '#kernels/shared/outcome.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import { type Play, type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { type ChannelStory, channelCard } from './channel-card.ts';
import { AID, INDEX, LABEL, type Objects, RID, tlvs } from './objects.ts';

export { AID, answer, CDOL1, INDEX, LABEL, type Objects, RID, tlvs } from './objects.ts';

/** 9F2B 9E 9F37: the terminal's key stands at offset 8. */
export const PDOL = '9F2B089E409F3704';

export const CARD_QUALIFIER = '0200FFFF800000';

export const fciOf = (inside: Objects = {}, discretionary: Objects = {}): Uint8Array =>
  encodeTlv(
    0x6f,
    encodeTlv(0x84, AID),
    encodeTlv(
      0xa5,
      tlvs({ '50': LABEL, '9F38': PDOL, ...inside }),
      encodeTlv(0xbf0c, tlvs({ '9F2C': CARD_QUALIFIER, ...discretionary })),
    ),
  );

export const TVR_AT = 14;
export const RISK_AT = 29;
export const CAPABILITIES_AT = 37;

/**
 * Reader configuration: offline up to 100.00, CVM from 50.00, relay resistance, local
 * authentication, its failure reported; the examples of the book else.
 */
export const READER: Objects = {
  '5F2A': '0840',
  '9A': '260615',
  '9C': '00',
  '9F02': '000000001250',
  '9F03': '000000000000',
  '9F06': toHex(AID),
  '9F09': '0002',
  '9F1A': '0840',
  '9F1D': '0000000000000000',
  '9F21': '120000',
  '9F35': '22',
  '9F40': '6000F0A001',
  '9F8206': '20',
  '9F8207': '64',
  '9F8208': '0C',
  '9F8209': '1800',
  '9F820A': '10',
  '9F820B': '0000000040',
  '9F820C': '840084804C',
  '9F820D': '000000010000',
  '9F820E': '000000005000',
  '9F820F': '01F4',
  '9F8211': '000013',
  '9F8212': '0D',
  '9F8213': '0014',
  '9F8214': '0032',
  '9F8215': '0012',
  '9F8216': '0018',
  '9F8217': '012C',
  '9F8218': '32',
  '9F821A': '84000080CF',
  '9F821D': '211820',
  '9F821E': '18',
  '9F821F': '9F8204',
};

/** A terminal that knows the authority of the test cards. */
export const TRUST: Authentication = {
  caKeys: caPublicKeys([
    { rid: RID, index: INDEX, suite: 0x10, point: eccAuthorityKey(INDEX).publicKey },
  ]),
  revoked: revocationList([]),
  exceptionFile: new Set(),
};

export interface How extends Partial<Pick<KernelInput, 'dataExchange' | 'clearance'>> {
  /** Changes to the reader's and the transaction's data. */
  readonly terminal?: Objects;
  readonly fci?: Uint8Array;
  /** Null: a terminal without keys. */
  readonly authentication?: Authentication | null;
  /** Asks for entropy instead. */
  readonly withoutKey?: boolean;
  readonly play?: Play;
}

export const OWN_KEY = ephemeralKey(new Uint8Array(EPHEMERAL_SEED_BYTES).fill(0x5a));

export const kernelInput = ({
  terminal = {},
  fci = fciOf(),
  authentication = TRUST,
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
    ...(how.withoutKey ? {} : { ephemeralKey: OWN_KEY }),
    ...(authentication === null ? {} : { authentication }),
    ...(how.dataExchange ? { dataExchange: true } : {}),
    ...(how.clearance ? { clearance: true } : {}),
  };
};

export interface Tap extends Played<Outcome> {
  /** Data record and discretionary data by tag, in hexadecimal. */
  readonly record: Readonly<Record<string, string>>;
  readonly discretionary: Readonly<Record<string, string>>;
  /** TVR at the end. */
  readonly tvr: string;
  readonly why: string;
  /** GENERATE AC's P1, P2 and data; undefined if it was not sent. */
  readonly generate:
    | { readonly p1: string; readonly p2: string; readonly data: string }
    | undefined;
}

export const tap = (card: ScriptedCard, how: How = {}): Tap => {
  const played = play(kernel8(kernelInput(how)), card, how.play);
  const generate = played.commands.find((command) => command.startsWith('80AE'));
  const { result } = played;
  return {
    ...played,
    record: byTag(result.dataRecord),
    discretionary: byTag(result.discretionaryData),
    tvr: toHex(result.report?.tvr ?? new Uint8Array(0)),
    why: result.why.map(({ why }) => why).join('; '),
    generate:
      generate === undefined
        ? undefined
        : { p1: generate.slice(4, 6), p2: generate.slice(6, 8), data: generate.slice(10, -2) },
  };
};

/** A tap with a card that does as it should but for the story. */
export const cardTap = (story: ChannelStory = {}, how: How = {}): Tap =>
  tap(channelCard(story), how);

/** One field of GENERATE AC's data, in hexadecimal. */
export const field = ({ generate }: Tap, at: number, length: number): string =>
  (generate?.data ?? '').slice(2 * at, 2 * (at + length));

export const byTag = (list: readonly DataElement[]): Readonly<Record<string, string>> =>
  Object.fromEntries(list.map(({ tag, value }) => [tag.toString(16).toUpperCase(), toHex(value)]));

/** Error Indication (9F8204): L1, L2, L3, SW, message. */
export const errorOf = ({ discretionary }: Tap): string | undefined => discretionary['9F8204'];

/** End Application: "insert, swipe or try another card", held for 1.3 seconds. */
export const OTHER_CARD = {
  outcome: 'endApplication',
  start: 'none',
  uiOnOutcome: { messageId: '1C', status: 'notReady', holdMs: 1300 },
  uiOnRestart: null,
  dataRecord: [],
  fieldOffMs: 1300,
};

/** End Application with a restart at B: "present card again". */
export const PRESENT_AGAIN = {
  outcome: 'endApplication',
  start: 'B',
  uiOnOutcome: null,
  uiOnRestart: { messageId: '21', status: 'readyToRead', holdMs: 0 },
  dataRecord: [],
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
