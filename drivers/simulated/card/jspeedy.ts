import { sw } from '#apdu/status-words.ts';
import { bit, concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { cryptogramElements, responseTemplate } from './cryptogram.ts';
import { grant } from './grant.ts';
import type { CardApplication } from './personalise.ts';
import type { Profile } from './profile.ts';
import { addCda } from './signature.ts';

/**
 * JCB (kernel 5): GET PROCESSING OPTIONS leads to the records, GENERATE AC makes the cryptogram and
 * says how the holder is verified (9F50). A card whose PDOL asks for no 9F52 is one of before EMV
 * mode. Book C-5.
 */
export const jspeedy: Profile = {
  processingOptions(app) {
    return { sw: sw.ok, data: responseTemplate(app, app.processingOptions, NOTHING_COMPUTED) };
  },
  generateAc(app, transaction, { type: asked, signed, cdol1Values }) {
    const profile = transaction.terminal.get(tag.terminalInterchangeProfileDynamic) ?? NOTHING;
    const legacy = isLegacy(app);
    const status = legacy ? 0 : verify(app.verification, profile, transaction.verifiedOnDevice);
    if (status > 0xff) return { sw: status, asksHolder: status === sw.commandNotAllowed };
    // A PIN that is to be verified online leaves nothing to approve offline.
    const type = grant(
      status === ONLINE_PIN && app.decision === 'offline' ? 'online' : app.decision,
      asked,
    );
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    if (legacy) return { sw: sw.ok, data: sideBySide(elements) };
    elements.set(tag.cardholderVerificationStatus, Uint8Array.of(status));
    // A refusal isn't signed. Book 3 §6.5.5
    if (signed && type !== 'aac') addCda(app, transaction, app.generateAc, cdol1Values, elements);
    return { sw: sw.ok, data: responseTemplate(app, app.generateAc, elements) };
  },
};

const NOTHING_COMPUTED: ReadonlyMap<number, Uint8Array> = new Map();
const NOTHING = new Uint8Array(0);

const isLegacy = ({ pdol }: CardApplication): boolean =>
  !pdol.some((entry) => entry.tag === tag.terminalCompatibilityIndicator);

const ONLINE_PIN = 0x20;

// Format 1 (80), Book 3 §6.5.5.4.
const sideBySide = (elements: ReadonlyMap<number, Uint8Array>): Uint8Array =>
  encodeTlv(
    tag.responseMessageTemplateFormat1,
    concat(...FORMAT_1.map((one) => elements.get(one) ?? NOTHING)),
  );

const FORMAT_1 = [
  tag.cryptogramInformationData,
  tag.applicationTransactionCounter,
  tag.applicationCryptogram,
  tag.issuerApplicationData,
];

// Cardholder Verification Status (9F50), or the status word of a card that can't go on, by the
// terminal's interchange profile (9F53) byte 1: bit 8 verification is required, bit 7 signature,
// bit 6 online PIN.
const verify = (
  verification: CardApplication['verification'],
  profile: Uint8Array,
  verifiedOnDevice: boolean,
): number => {
  // Low digit 1: a code on the phone; what face and finger have is not public.
  if (verifiedOnDevice) return 0x31;
  if (!bit(profile, 1, 8)) return 0x00;
  // 6986: the device waits for its holder; the terminal shows See Phone.
  if ('onDevice' in verification) return sw.commandNotAllowed;
  const methods = verification.inTerminal;
  if (methods.includes('onlinePin') && bit(profile, 1, 6)) return ONLINE_PIN;
  if (methods.includes('signature') && bit(profile, 1, 7)) return 0x10;
  // 6984: nothing in common here, the chip can do more.
  return sw.useAnotherInterface;
};
