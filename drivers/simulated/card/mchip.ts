import { sw } from '#apdu/status-words.ts';
import { equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type CryptogramType, cryptogramElements, responseTemplate } from './cryptogram.ts';
import type { Profile } from './profile.ts';
import { addCda } from './signature.ts';

/**
 * Mastercard (kernel 2): GET PROCESSING OPTIONS leads to the records, GENERATE AC makes the
 * cryptogram. Book C-2 §6.
 */
export const mchip: Profile = {
  processingOptions(app) {
    return { sw: sw.ok, data: responseTemplate(app, app.processingOptions, NOTHING_COMPUTED) };
  },
  generateAc(app, transaction, { type: asked, signed, cdol1Values }) {
    const claimed = transaction.terminal.get(tag.cvmResults);
    const onDevice = 'onDevice' in app.verification;
    // The terminal counts on a verification by the device that hasn't happened: the device refuses
    // and asks for its holder (DF4B byte 2 bit 1), so the terminal shows See Phone. Book C-2 §6.
    const missing =
      onDevice &&
      !transaction.verifiedOnDevice &&
      claimed !== undefined &&
      equal(claimed, VERIFIED_BY_DEVICE);
    const type = missing ? 'aac' : decide(app.decision, asked);
    const elements = cryptogramElements(app, transaction, type);
    if (isMalformed(elements)) return { sw: sw.conditionsNotSatisfied };
    if (onDevice) {
      elements.set(
        tag.posCardholderInteractionInformation,
        missing ? REQUIRED : transaction.verifiedOnDevice ? SUCCESSFUL : NOT_VERIFIED,
      );
    }
    // A refusal isn't signed. Book 3 §6.5.5
    if (signed && type !== 'aac') addCda(app, transaction, app.generateAc, cdol1Values, elements);
    const data = responseTemplate(app, app.generateAc, elements);
    return { sw: sw.ok, data, asksHolder: missing };
  },
};

const NOTHING_COMPUTED: ReadonlyMap<number, Uint8Array> = new Map();
// CVM results: on-device verification, condition always, result successful.
const VERIFIED_BY_DEVICE = hex('010002');
// POS cardholder interaction information: byte 2 bit 5 verified, bit 1 verification required.
const SUCCESSFUL = hex('001000');
const REQUIRED = hex('000100');
const NOT_VERIFIED = hex('000000');

// A card may always refuse, and never grants more than it was asked for. Book 3 §9.3.
export const decide = (
  decision: 'online' | 'offline' | 'decline',
  asked: CryptogramType,
): CryptogramType => {
  if (decision === 'decline' || asked === 'aac') return 'aac';
  return decision === 'offline' && asked === 'tc' ? 'tc' : 'arqc';
};
