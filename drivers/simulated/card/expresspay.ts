import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type CardTransaction, cryptogramElements, responseTemplate } from './cryptogram.ts';
import { grant } from './grant.ts';
import type { Profile } from './profile.ts';
import { addCda } from './signature.ts';

/**
 * American Express Expresspay (kernel 4): GET PROCESSING OPTIONS leads to the records, and a phone
 * says there what it knows of its owner; GENERATE AC makes the cryptogram. Book C-4.
 */
export const expresspay: Profile = {
  processingOptions(app, transaction) {
    const elements = new Map<number, Uint8Array>();
    const required = wantsHolder(transaction);
    const { verifiedOnDevice } = transaction;
    if ('onDevice' in app.verification) {
      elements.set(tag.mobileCvmResults, mobileCvmResults(verifiedOnDevice, required));
    }
    const asksHolder = 'onDevice' in app.verification && required && !verifiedOnDevice;
    const data = responseTemplate(app, app.processingOptions, elements);
    return { sw: sw.ok, data, asksHolder };
  },
  generateAc(app, transaction, { type: asked, signed, cdol1Values }) {
    const type = grant(app.decision, asked);
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    // A refusal isn't signed. Book 3 §6.5.5
    if (signed && type !== 'aac') addCda(app, transaction, app.generateAc, cdol1Values, elements);
    return { sw: sw.ok, data: responseTemplate(app, app.generateAc, elements) };
  },
};

// Enhanced Contactless Reader Capabilities (9F6E) byte 3 bit 7: verification required.
const wantsHolder = ({ terminal }: CardTransaction): boolean =>
  bit(terminal.get(tag.enhancedContactlessReaderCapabilities) ?? new Uint8Array(4), 3, 7);

// Byte 1 01 performed or 3F not, byte 2 03 because the terminal wants it, byte 3 02 successful.
const mobileCvmResults = (verified: boolean, required: boolean): Uint8Array =>
  Uint8Array.of(verified ? 0x01 : 0x3f, required ? 0x03 : 0x00, verified ? 0x02 : 0x00);
