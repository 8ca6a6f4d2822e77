import { tag } from '#data/dictionary.ts';
import { ARQC, TC } from '../shared/cryptogram-type.ts';
import { reason } from '../shared/outcome.ts';
import { declined } from './outcomes.ts';
import { EMPTY, type Kernel5Run, type Phase } from './run.ts';

/** C-5, Terminal Action Analysis: which cryptogram to ask for; a decline asks for none. */
export const terminalActionAnalysis: Phase = function* (run) {
  if (run.input.transaction.type === REFUND) {
    // Declined means done: what the reader gets is the account the money goes back to.
    return declined(run, reason('a refund asks the card for nothing'));
  }
  const { actionCodeDenial, actionCodeOnline, actionCodeDefault } = run.options;
  if (concerns(run, actionCodeDenial, tag.issuerActionCodeDenial, 0x00)) {
    return declined(run, reason('denied by the action codes', tag.terminalVerificationResults));
  }
  if (offlineOnly(run)) {
    if (run.legacy || concerns(run, actionCodeDefault, tag.issuerActionCodeDefault, 0xff)) {
      const why = 'the action codes want to go online, and this terminal never does';
      return declined(run, reason(why, tag.terminalVerificationResults));
    }
    run.acType = TC;
  } else {
    const online = concerns(run, actionCodeOnline, tag.issuerActionCodeOnline, 0xff);
    run.acType = run.legacy || online ? ARQC : TC;
  }
  return run.legacy ? 'legacyGenerateAc' : 'generateAc';
};

const REFUND = 0x20;

// Terminal Type, second digit 3 or 6. Book 4 Annex A1
const offlineOnly = ({ input }: Kernel5Run): boolean => {
  const [type = 0] = input.terminal.get(tag.terminalType) ?? EMPTY;
  return (type & 0x0f) === 3 || (type & 0x0f) === 6;
};

// The issuer's code counts beside the terminal's. In legacy mode, and where the card has none, all
// its bits are `absent`.
const concerns = (
  run: Kernel5Run,
  terminalCode: Uint8Array,
  issuerCode: number,
  absent: number,
): boolean => {
  const issuer = run.legacy ? undefined : run.card.get(issuerCode);
  return run.tvr.some(
    (byte, i) => (byte & ((terminalCode[i] ?? 0) | (issuer ? (issuer[i] ?? 0) : absent))) !== 0,
  );
};
