import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import {
  type CardTransaction,
  type CryptogramType,
  cryptogramElements,
  responseTemplate,
} from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';
import type { Profile } from './profile.ts';
import { addFastDda } from './signature.ts';

/** Where the cards of kernels 3 and 7 differ. */
export interface QuickPayment {
  /** Bytes behind the copy of the qualifiers in 9F69. */
  readonly relatedTail: Uint8Array;
  /** Signs an ARQC too (format 95), where the terminal asks for that. */
  readonly signsForOnline: boolean;
}

/**
 * Everything in the answer to GET PROCESSING OPTIONS; the records hold what is left. Book C-3 §5.2,
 * and C-7 likewise.
 */
export const quickPayment = (how: QuickPayment): Profile => ({
  processingOptions(app, transaction) {
    const ttq = qualifiersIn(transaction);
    const verified = verify(app.verification, ttq, transaction.verifiedOnDevice);
    if (typeof verified === 'number') {
      return { sw: verified, asksHolder: verified === sw.commandNotAllowed };
    }
    const type = decide(app.decision, ttq);
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    elements.set(tag.cardTransactionQualifiers, qualifiers(app, verified));
    // TTQ byte 1 bit 1: authentication for online is wanted.
    const forOnline = type === 'arqc' && how.signsForOnline && bit(ttq, 1, 1);
    const signs = app.signing !== undefined && (type === 'tc' || forOnline);
    if (signs) addFastDda(app, transaction, elements, forOnline ? 0x95 : 0x05, how.relatedTail);
    else if (type !== 'tc' && app.locatorWithoutSignature !== undefined) {
      elements.set(tag.applicationFileLocator, app.locatorWithoutSignature);
    }
    const list =
      signs || type === 'tc' || app.locatorWithoutSignature !== undefined
        ? app.processingOptions
        : app.processingOptions.filter((one) => one !== tag.applicationFileLocator);
    return { sw: sw.ok, data: responseTemplate(app, list, elements), computed: elements };
  },
  generateAc: () => ({ sw: sw.insNotSupported }),
});

// What the issuer wants if something fails (from the card file), and what this tap needs.
const qualifiers = ({ elements }: CardApplication, verified: Uint8Array): Uint8Array => {
  const wishes = elements.get(tag.cardTransactionQualifiers);
  return verified.map((byte, at) => byte | (wishes?.[at] ?? 0));
};

/** The terminal's qualifiers (9F66), zeros where it sent none. */
export const qualifiersIn = ({ terminal }: CardTransaction): Uint8Array =>
  terminal.get(tag.terminalTransactionQualifiers) ?? new Uint8Array(4);

/** TTQ byte 2 bit 8: the terminal wants an online cryptogram whatever the card thinks. */
export const decide = (
  decision: 'online' | 'offline' | 'decline',
  ttq: Uint8Array,
): CryptogramType => {
  if (decision === 'decline') return 'aac';
  return decision === 'offline' && !bit(ttq, 2, 8) ? 'tc' : 'arqc';
};

/**
 * Card transaction qualifiers (9F6C) for what the cardholder does, or the status word of a card
 * that can't go on.
 */
export const verify = (
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
