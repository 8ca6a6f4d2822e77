import { hex, toHex } from '#bytes/hex.ts';
import { kernel4 } from '#kernels/c4/kernel.ts';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import type { Kernel4Options } from '#kernels/shared/kernel-options.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import {
  type Keys,
  type SignedStory,
  signingCard,
  trusting as trustingMastercard,
} from '#test/kernels/c2/signing-card.ts';
import { byTag, type Objects, plainCard, type Story, tlvs } from '#test/kernels/c2/support.ts';
import { type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('A000000025010402');

export { type Keys, newKeys } from '#test/kernels/c2/signing-card.ts';
// A card on whose wire kernels 2 and 4 agree: the same cards, under another name.
export {
  AIP,
  answer,
  GENERATE,
  GPO,
  type Objects,
  READ,
  RECORD,
} from '#test/kernels/c2/support.ts';

/** AIP byte 2 bits 8, 7 and 6: EMV mode, a phone, in software. */
export const PHONE = '18C0';

/** Terminal Type and what the reader can do; the amount is no part of it. */
export const PDOL = '9F3501 9F6E04 9F3704';

export const fciOf = (inside: Objects = { '9F38': PDOL }): Uint8Array =>
  encodeTlv(
    0x6f,
    encodeTlv(0x84, AID),
    encodeTlv(0xa5, tlvs({ '50': '414D4558', '5F2D': '656E6573', ...inside })),
  );

/** Online and offline, CDA, phones, PIN and signature, no contact reader; the scheme's own TACs. */
export const READER: Objects = {
  '9A': '260615',
  '9C': '00',
  '9F02': '000000001250',
  '9F03': '000000000000',
  '5F2A': '0840',
  '9F1A': '0840',
  '9F35': '22',
  '9F40': '6000F0A001',
  '9F09': '0002',
  '9F33': '006808',
  '9F6D': 'C0',
  '9F6E': '18E00003',
};

/** The same with a contact reader beside it. */
export const WITH_CONTACT: Objects = { '9F6E': '98E00003' };

/** A reader whose action codes name nothing, so that it asks for a TC. */
export const LENIENT: Objects = {
  DF8120: '0000000000',
  DF8121: '0000000000',
  DF8122: '0000000000',
};

export interface How {
  /** Changes to the reader's and the transaction's data. */
  readonly terminal?: Objects;
  readonly preprocessing?: Partial<KernelInput['preprocessing']>;
  readonly fci?: Uint8Array;
  readonly options?: Partial<Kernel4Options>;
  readonly more?: Partial<KernelInput>;
  readonly authentication?: Authentication;
}

export const kernelInput = (how: How = {}): KernelInput => {
  const data = new Map<number, Uint8Array>();
  for (const [tag, value] of Object.entries({ ...READER, ...how.terminal })) {
    if (value !== undefined) data.set(Number.parseInt(tag, 16), hex(value));
  }
  return {
    start: 'B',
    restart: false,
    adfName: AID,
    aid: AID.subarray(0, 6),
    fci: how.fci ?? fciOf(),
    transaction: { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 },
    preprocessing: {
      statusCheckRequested: false,
      contactlessApplicationNotAllowed: false,
      zeroAmount: false,
      readerCvmRequiredLimitExceeded: false,
      readerContactlessFloorLimitExceeded: false,
      ...how.preprocessing,
    },
    terminal: data,
    unpredictableNumber: hex('C0FFEE01'),
    ...(how.authentication ? { authentication: how.authentication } : {}),
    ...(how.options ? { options: { kernel4: how.options } } : {}),
    ...how.more,
  };
};

export interface Tap extends Played<Outcome> {
  /** Data record by tag, in hexadecimal. */
  readonly record: Readonly<Record<string, string>>;
  /** TVR at the end. */
  readonly tvr: string;
  /** CVM Results as GENERATE AC told them; undefined if it was not sent. */
  readonly cvmResults: string | undefined;
  /** GENERATE AC's P1 and data. */
  readonly generate: { readonly p1: string; readonly data: string } | undefined;
}

export const tap = (card: ScriptedCard, how: How = {}): Tap => {
  const played = play(kernel4(kernelInput(how)), card);
  const generate = played.commands.find((command) => command.startsWith('80AE'));
  const data = generate?.slice(10, -2);
  return {
    ...played,
    record: byTag(played.result.dataRecord),
    tvr: toHex(played.result.report?.tvr ?? new Uint8Array(0)),
    // The last three bytes that CDOL1 asks for.
    cvmResults: data?.slice(-6),
    generate: generate === undefined ? undefined : { p1: generate.slice(4, 6), data: data ?? '' },
  };
};

/** A tap with a card without CDA that does as it should but for the story. */
export const plainTap = (story: Story = {}, how: How = {}): Tap => tap(plainCard(story), how);

/** Over the CVM required limit. */
export const OVER = { readerCvmRequiredLimitExceeded: true };

export const signing = (keys: Keys, story: SignedStory = {}): ScriptedCard =>
  signingCard(keys, story);

export const trusting = (
  keys: Keys,
  more: Parameters<typeof trustingMastercard>[1] = {},
): Authentication => trustingMastercard(keys, { rid: AID.subarray(0, 5), ...more });

export const CHIP = {
  outcome: 'tryAnotherInterface',
  alternateInterface: 'contactChip',
  uiOnOutcome: { messageId: '1D', status: 'processingError', holdMs: 0 },
};

export const ENDS = {
  outcome: 'endApplication',
  start: 'none',
  uiOnOutcome: { messageId: '1C', status: 'readyToRead' },
};

export const DECLINED = {
  outcome: 'declined',
  uiOnOutcome: { messageId: '07', status: 'cardReadSuccessfully' },
};

export const ONLINE = {
  outcome: 'onlineRequest',
  start: 'D',
  onlineResponseType: 'any',
  uiOnOutcome: { messageId: '1B', status: 'processing', holdMs: 0 },
};

/** See Phone, then Present Card Again. */
export const SEE_PHONE = {
  outcome: 'tryAgain',
  start: 'B',
  uiOnOutcome: { messageId: '20', status: 'processingError', holdMs: 1000 },
  uiOnRestart: { messageId: '21', status: 'readyToRead' },
  fieldOffMs: 1500,
};
