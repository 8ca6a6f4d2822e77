import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, type CryptogramType, TC } from '../shared/cryptogram-type.ts';
import { OFFLINE_ONLY, ONLINE_ONLY } from '../shared/terminal-types.ts';
import { bytesOf, isNotEmpty, type Kernel2Run } from './run.ts';

/** Terminal Action Analysis, C-2 7.9: which cryptogram to ask for. */
export const decideCryptogram = (run: Kernel2Run): CryptogramType => {
  const denial = [tag.terminalActionCodeDenialK2, tag.issuerActionCodeDenial];
  if (denial.some((code) => meets(run, bytesOf(run, code)))) return AAC;
  const type = bytesOf(run, tag.terminalType)[0] ?? 0;
  if (ONLINE_ONLY.includes(type)) return ARQC;
  if (OFFLINE_ONLY.includes(type)) {
    return concerns(run, tag.terminalActionCodeDefault, tag.issuerActionCodeDefault) ? AAC : TC;
  }
  return concerns(run, tag.terminalActionCodeOnlineK2, tag.issuerActionCodeOnline) ? ARQC : TC;
};

// Without an issuer's code all bits count but the relay resistance status. C-2 7.9
const WITHOUT_ISSUER_CODE = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xfc);

const concerns = (run: Kernel2Run, terminalCode: number, issuerCode: number): boolean =>
  meets(run, bytesOf(run, terminalCode)) ||
  meets(run, isNotEmpty(run, issuerCode) ? bytesOf(run, issuerCode) : WITHOUT_ISSUER_CODE);

const meets = (run: Kernel2Run, code: Uint8Array): boolean =>
  code.some((byte, i) => (byte & (run.tvr[i] ?? 0)) !== 0);
