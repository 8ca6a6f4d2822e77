import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type CryptogramType, cryptogramElements, responseTemplate } from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';
import type { Profile } from './profile.ts';
import { addFastDda } from './signature.ts';

/**
 * Visa's quick payment (kernel 3): everything in the answer to GET PROCESSING OPTIONS, and the
 * records hold what is left. Book C-3 §5.2; the card's side after the digest of VCPS.
 */
export const qvsdc: Profile = {
  processingOptions(app, transaction) {
    const ttq = transaction.terminal.get(tag.terminalTransactionQualifiers) ?? NO_QUALIFIERS;
    const verified = verify(app.verification, ttq, transaction.verifiedOnDevice);
    if (typeof verified === 'number') {
      return { sw: verified, asksHolder: verified === sw.commandNotAllowed };
    }
    const type = decide(app.decision, ttq);
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    elements.set(tag.cardTransactionQualifiers, qualifiers(app, verified));
    if (type === 'tc') addFastDda(app, transaction, elements);
    else if (app.locatorWithoutSignature !== undefined) {
      elements.set(tag.applicationFileLocator, app.locatorWithoutSignature);
    }
    const list =
      type === 'tc' || app.locatorWithoutSignature !== undefined
        ? app.processingOptions
        : app.processingOptions.filter((one) => one !== tag.applicationFileLocator);
    return { sw: sw.ok, data: responseTemplate(app, list, elements), computed: elements };
  },
  generateAc: () => ({ sw: sw.insNotSupported }),
};

// What the issuer wants if something fails (from the card file), and what this tap needs.
const qualifiers = ({ elements }: CardApplication, verified: Uint8Array): Uint8Array => {
  const wishes = elements.get(tag.cardTransactionQualifiers);
  return verified.map((byte, at) => byte | (wishes?.[at] ?? 0));
};

const NO_QUALIFIERS = new Uint8Array(4);

// TTQ byte 2 bit 8: the terminal wants an online cryptogram whatever the card thinks.
const decide = (decision: 'online' | 'offline' | 'decline', ttq: Uint8Array): CryptogramType => {
  if (decision === 'decline') return 'aac';
  return decision === 'offline' && !bit(ttq, 2, 8) ? 'tc' : 'arqc';
};

// The card transaction qualifiers (9F6C), or the status word of a card that can't go on.
const verify = (
  verification: CardApplication['verification'],
  ttq: Uint8Array,
  verifiedOnDevice: boolean,
): Uint8Array | number => {
  // CTQ byte 2 bit 8: cardholder verified on the device.
  if (verifiedOnDevice) return Uint8Array.of(0x00, 0x80);
  // TTQ byte 2 bit 7: at this amount the terminal wants the cardholder verified.
  if (!bit(ttq, 2, 7)) return Uint8Array.of(0x00, 0x00);
  // 6986: the device waits for its holder; the terminal shows See Phone. Book C-3 §5.2.2.2.
  if ('onDevice' in verification) return sw.commandNotAllowed;
  const methods = verification.inTerminal;
  // TTQ byte 1 bit 3 and CTQ byte 1 bit 8: online PIN. Bit 2 and bit 7: signature.
  if (methods.includes('onlinePin') && bit(ttq, 1, 3)) return Uint8Array.of(0x80, 0x00);
  if (methods.includes('signature') && bit(ttq, 1, 2)) return Uint8Array.of(0x40, 0x00);
  // 6984: nothing in common here, the chip can do more. Book C-3 §5.2.2.2.
  return sw.useAnotherInterface;
};
