import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { cryptogramElements, responseTemplate } from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';
import type { Profile } from './profile.ts';
import { decide, qualifiersIn, verify } from './quick-payment.ts';
import { addCda } from './signature.ts';

/**
 * Discover's D-PAS (kernel 6): everything in the answer to GET PROCESSING OPTIONS, with the
 * cryptogram in clear, or inside a signature over the whole answer (CDA). Book C-6.
 */
export const dpas: Profile = {
  processingOptions(app, transaction) {
    const ttq = qualifiersIn(transaction);
    const verified = verify(app.verification, ttq, transaction.verifiedOnDevice);
    if (typeof verified === 'number') {
      return { sw: verified, asksHolder: verified === sw.commandNotAllowed };
    }
    const type = decide(app.decision, ttq);
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    elements.set(tag.cardProcessingRequirementsCpr, requirements(app, verified));
    // TTQ byte 1 bit 1: authentication for online is wanted.
    const signs =
      app.signing !== undefined && (type === 'tc' || (type === 'arqc' && bit(ttq, 1, 1)));
    const { locatorWithoutSignature: short } = app;
    if (!signs && short !== undefined) elements.set(tag.applicationFileLocator, short);
    const list =
      signs || short !== undefined
        ? app.processingOptions
        : app.processingOptions.filter((one) => one !== tag.applicationFileLocator);
    if (signs) addCda(app, transaction, list, new Uint8Array(0), elements);
    return { sw: sw.ok, data: responseTemplate(app, list, elements), computed: elements };
  },
  generateAc: () => ({ sw: sw.insNotSupported }),
};

// Card Processing Requirements (9F71): what the issuer wants (from the card file), and byte 1 for
// this tap: bit 8 online PIN, bit 7 signature, where kernel 3's qualifiers have them, and bit 5
// verified on the device.
const requirements = ({ elements }: CardApplication, verified: Uint8Array): Uint8Array => {
  const wishes = elements.get(tag.cardProcessingRequirementsCpr) ?? new Uint8Array(2);
  const now = ((verified[0] ?? 0) & 0xc0) | (bit(verified, 2, 8) ? 0x10 : 0);
  return wishes.map((byte, at) => (at === 0 ? byte | now : byte));
};
