import { concat, equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { applicationCryptogram, arpc1, arpc2, cardMasterKey } from './cryptogram.ts';
import { type CryptogramMethod, methodOf } from './cryptogram-methods.ts';
import { readIssuerApplicationData } from './issuer-application-data.ts';
import { issuerOf } from './keys.ts';
import { CODE_STAND_IN, coveredByCode } from './presented-code.ts';

export type Verification =
  | {
      readonly ok: true;
      /** The cryptogram version number, as the byte in 9F10: 0x22 is Visa's CVN 22. */
      readonly cvn: number;
      /** Where the scheme's method isn't public: the title of ours, for the ledger. */
      readonly standIn?: string;
      /**
       * The issuer's answer as the value of tag 91, for a response code of two characters such as
       * "00" or "05"; undefined when the cryptogram version defines no answer (Visa CVN 17).
       */
      arpc(responseCode: string): Uint8Array | undefined;
    }
  | {
      readonly ok: false;
      /** One sentence for the issuer's log. Holds no account data. */
      readonly why: string;
    };

/**
 * Makes the card's cryptogram again from what the terminal sent, and compares.
 * @param request elements of DE 55 by tag (0x9f26, …), values only
 * @param pan account number, digits only; @param psn two digits, undefined counts as 00
 * @param byCode it comes from a consumer-presented code, not from a card that met the terminal
 */
export const verifyCryptogram = (
  request: ReadonlyMap<number, Uint8Array>,
  pan: string,
  psn: string | undefined,
  byCode = false,
): Verification => {
  const issuer = issuerOf(pan);
  if (issuer === undefined) return refused('the account number is in no range of ours');
  const sent = request.get(tag.applicationCryptogram);
  if (sent === undefined) return refused('9F26 is missing');
  const iad = request.get(tag.issuerApplicationData);
  if (iad === undefined) return refused('9F10 is missing');
  const layout = readIssuerApplicationData(issuer.scheme, iad);
  if (isMalformed(layout)) return refused(describeMalformed(layout));
  const method = methodOf(issuer.scheme, layout.cvn);
  if (method === undefined) {
    return refused(`${issuer.scheme} cryptogram version ${layout.cvn} is not known`);
  }
  const masterKey = cardMasterKey(method, issuer, pan, psn);
  const made = applicationCryptogram(method, masterKey, byCode ? coveredByCode(request) : request);
  if (isMalformed(made)) return refused(describeMalformed(made));
  if (!equal(made.value, sent)) return refused(`${method.title}: the cryptogram is not the card's`);
  return {
    ok: true,
    cvn: method.cvn,
    ...standInOf(method, byCode),
    arpc: (code) => answer(method, { masterKey, sessionKey: made.sessionKey }, sent, code),
  };
};

const standInOf = (method: CryptogramMethod, byCode: boolean): { readonly standIn?: string } => {
  const titles = [
    ...(byCode ? [CODE_STAND_IN] : []),
    ...(method.standIn === true ? [method.title] : []),
  ];
  return titles.length === 0 ? {} : { standIn: titles.join(', ') };
};

const refused = (why: string): Verification => ({ ok: false, why });

const answer = (
  { scheme, arpc }: CryptogramMethod,
  keys: { readonly masterKey: Uint8Array; readonly sessionKey: Uint8Array },
  arqc: Uint8Array,
  responseCode: string,
): Uint8Array | undefined => {
  if (arpc === 'none') return undefined;
  const approved = APPROVALS.has(responseCode);
  if (arpc === 'method2') {
    const update = approved ? CSU_APPROVED : CSU_DECLINED;
    return concat(arpc2(keys.sessionKey, arqc, update), update);
  }
  // The answer covers the response code as two characters; Mastercard's a code of its own.
  const code =
    scheme !== 'mastercard'
      ? new TextEncoder().encode(responseCode.slice(0, 2).padStart(2, '0'))
      : approved
        ? MCHIP_APPROVED
        : MCHIP_DECLINED;
  const key = arpc === 'method1MasterKey' ? keys.masterKey : keys.sessionKey;
  return concat(arpc1(key, arqc, code), code);
};

// Book C-3 leaves the codes to the acquirer; these are the ones networks mean as an approval.
const APPROVALS = new Set(['00', '08', '10', '11']);
// Card status update: byte 2 bit 8 issuer approves online, bits 2-1 = 10 resets offline counters.
const CSU_APPROVED = hex('00820000');
const CSU_DECLINED = hex('00000000');
// M/Chip's ARPC response code: 0010 lets the card complete the payment.
const MCHIP_APPROVED = hex('0010');
const MCHIP_DECLINED = hex('0000');
