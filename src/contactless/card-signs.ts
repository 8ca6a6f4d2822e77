import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { CardSoFar } from '#kernels/shared/step.ts';
import { parseTrack2 } from '#kernels/shared/track2.ts';
import { parseDol } from '#tlv/dol.ts';

/** What a card shows of itself. */
export interface CardSigns {
  /** Null: nothing tells. Phones are phones and watches: what their owner can unlock. */
  readonly device: 'phone' | 'plastic' | null;
  /** Leading digits of account number or token, as many as are known. Account data. */
  readonly account: string | null;
  /** By which sign, for staff. */
  readonly because: string;
}

/** What a shop knows beside the cards. */
export interface SignRules {
  /** Account numbers, by their first digits, that are tokens on phones and watches. */
  readonly tokenRanges: readonly { readonly from: string; readonly to: string }[];
  /** Whether a card without any sign of a phone counts as plastic where it can't be asked. */
  readonly plasticBySigns: boolean;
}

type Known = CardSoFar['known'];

/** What tells before a card is asked for a cryptogram. */
export const signsBefore = ({ kernelId, known }: CardSoFar, rules: SignRules): CardSigns => {
  const kernel = SIGNS[kernelId];
  const account = accountIn(known) ?? identificationNumber(known) ?? null;
  const sign = kernel && firstSign(kernel.before, known, account, rules);
  if (sign !== undefined) return { device: 'phone', account, because: sign };
  if (kernel !== undefined && (kernel.silenceTells || rules.plasticBySigns)) {
    return { device: 'plastic', account, because: 'no sign of a phone' };
  }
  return { device: null, account, because: 'nothing tells before the cryptogram' };
};

/** What all that was read tells: the last look before the host is asked. */
export const signsAfter = (kernelId: string, known: Known, rules: SignRules): CardSigns => {
  const kernel = SIGNS[kernelId];
  const account = accountIn(known) ?? identificationNumber(known) ?? null;
  if (kernel === undefined) return { device: null, account, because: 'a kernel of unknown signs' };
  const all = [...kernel.before, ...kernel.after];
  const sign = firstSign(all, known, account, rules);
  if (sign !== undefined) return { device: 'phone', account, because: sign };
  return { device: 'plastic', account, because: 'no sign of a phone' };
};

interface Sign {
  readonly title: string;
  readonly shows: (known: Known) => boolean;
}

interface KernelSigns {
  /** Signs of a phone that are there before the cryptogram, and those that come with it. */
  readonly before: readonly Sign[];
  readonly after: readonly Sign[];
  /** Whether a card that shows none of the first is plastic for certain. */
  readonly silenceTells: boolean;
}

// EMV Payment Tokenisation: whoever has a token says who asked for it.
const TOKEN: Sign = {
  title: 'a token requestor (9F19)',
  shows: (known) => known(tag.tokenRequestorId) !== undefined,
};

// Only a token needs to tell the end of the number that it stands for.
const LAST_DIGITS: Sign = {
  title: 'the last digits of another account number (9F25)',
  shows: (known) => known(tag.last4DigitsOfPan) !== undefined,
};

const VERIFIED_ON_DEVICE: Sign = {
  title: 'it verified its owner (CTQ byte 2 bit 8)',
  shows: (known) => bit(known(tag.cardTransactionQualifiers) ?? EMPTY, 2, 8),
};

// Device types of Third Party Data: 00 is a card, 02 a key fob, 04 a sticker, 20 a card of later
// lists; what can't ask its owner is as good as plastic. From memory but for 00, see C-2 Annex A.
const PASSIVE: ReadonlySet<string> = new Set(['00', '02', '04', '20']);

/** Device Type in Third Party Data, there where Unique Identifier byte 1 bit 8 is 0. C-2 Annex A */
const deviceType = (known: Known): string | undefined => {
  const data = known(tag.thirdPartyData);
  if (data === undefined || data.length < 7 || bit(data, 3, 8)) return undefined;
  return String.fromCharCode(data[4] ?? 0, data[5] ?? 0);
};

const SIGNS: Readonly<Record<string, KernelSigns>> = {
  '02': {
    before: [
      {
        title: 'it verifies its owner (AIP byte 1 bit 2)',
        shows: (known) => bit(known(tag.applicationInterchangeProfile) ?? EMPTY, 1, 2),
      },
      {
        title: 'its device type (9F6E)',
        shows: (known) => {
          const type = deviceType(known);
          return type !== undefined && !PASSIVE.has(type);
        },
      },
      TOKEN,
    ],
    after: [],
    // GENERATE AC comes when all records were read, and every phone sets that bit of the AIP.
    silenceTells: true,
  },
  '03': {
    before: [
      // The cryptogram comes with the first answer after SELECT. Wallets show the shop's name, and
      // so ask for it: the phones of published traces do, plastic has nowhere to show it.
      { title: "it asks for the merchant's name (9F4E)", shows: (known) => asksForMerchant(known) },
      TOKEN,
    ],
    after: [
      {
        // 3 a phone, 4 worn on the wrist; 0 and 1 are cards, others of no known use. VCPS
        title: 'its form factor (9F6E)',
        shows: (known) => ((known(tag.formFactorIndicator)?.[0] ?? 0) & 0x1f) > 1,
      },
      VERIFIED_ON_DEVICE,
    ],
    silenceTells: false,
  },
  '06': {
    // The cryptogram comes with the first answer here, too.
    before: [TOKEN],
    after: [
      {
        title: 'it verified its owner (CPR byte 1 bit 5)',
        shows: (known) => bit(known(tag.cardProcessingRequirementsCpr) ?? EMPTY, 1, 5),
      },
    ],
    silenceTells: false,
  },
  '07': {
    // As with kernel 3 the cryptogram comes first, and most that tells comes with it or after it.
    before: [TOKEN, LAST_DIGITS],
    after: [VERIFIED_ON_DEVICE],
    silenceTells: false,
  },
  '08': {
    // GENERATE AC comes when all records were read; what a phone must tell by then, no public
    // document says.
    before: [
      TOKEN,
      {
        title: 'it can verify its owner (9F810D byte 2 bit 3)',
        shows: (known) => bit(known(tag.cardCapabilitiesInformation) ?? EMPTY, 2, 3),
      },
    ],
    after: [
      {
        title: 'it verified its owner (9F8102)',
        shows: (known) => known(tag.cardholderVerificationDecision)?.[0] === 0x03,
      },
      {
        // Upper half 2: present again; message 20: see phone.
        title: 'it asks its owner to look at it (9F8108)',
        shows: (known) => isSeePhone(known(tag.restartIndicator) ?? EMPTY),
      },
    ],
    silenceTells: false,
  },
};

const isSeePhone = ([restart = 0, message = 0]: Uint8Array): boolean =>
  restart >> 4 === 2 && message === 0x20;

const EMPTY = new Uint8Array(0);

const firstSign = (
  signs: readonly Sign[],
  known: Known,
  account: string | null,
  { tokenRanges }: SignRules,
): string | undefined =>
  signs.find(({ shows }) => shows(known))?.title ??
  (account !== null && tokenRanges.some((range) => within(account, range))
    ? 'an account number of a token range'
    : undefined);

// Fewer digits than the range has: it may be one.
const within = (account: string, { from, to }: { from: string; to: string }): boolean => {
  const digits = account.slice(0, from.length);
  return digits.padEnd(from.length, '9') >= from && digits.padEnd(to.length, '0') <= to;
};

const asksForMerchant = (known: Known): boolean => {
  const entries = parseDol(known(tag.pdol) ?? EMPTY);
  return !isMalformed(entries) && entries.some((one) => one.tag === tag.merchantNameAndLocation);
};

const accountIn = (known: Known): string | undefined => {
  const pan = fromCompressedNumeric(known(tag.applicationPan) ?? EMPTY);
  return pan || parseTrack2(known(tag.track2EquivalentData) ?? EMPTY)?.pan;
};

/** The issuer's number in the FCI, the first digits of the account number. Book 1 Table 45 */
const identificationNumber = (known: Known): string | undefined => {
  const value =
    known(tag.issuerIdentificationNumberExtended) ?? known(tag.issuerIdentificationNumber);
  return value === undefined ? undefined : fromCompressedNumeric(value);
};
