import { tag } from '#data/dictionary.ts';
import { concerned } from '../shared/action-codes.ts';
import { ARQC, TC } from '../shared/cryptogram-type.ts';
import { reason } from '../shared/outcome.ts';
import { OFFLINE_ONLY } from '../shared/terminal-types.ts';
import { declined } from './outcomes.ts';
import { EMPTY, type Kernel5Run, type Phase } from './run.ts';

/** C-5, Terminal Action Analysis: which cryptogram to ask for; a decline asks for none. */
export const terminalActionAnalysis: Phase = function* (run) {
  if (run.input.transaction.type === REFUND) {
    // Declined means done: what the reader gets is the account the money goes back to.
    return declined(run, reason('a refund asks the card for nothing'));
  }
  const { actionCodeDenial, actionCodeOnline, actionCodeDefault } = run.options;
  if (concerns(run, actionCodeDenial, tag.issuerActionCodeDenial, NO_BIT)) {
    return declined(run, reason('denied by the action codes', tag.terminalVerificationResults));
  }
  if (offlineOnly(run)) {
    if (run.legacy || concerns(run, actionCodeDefault, tag.issuerActionCodeDefault, EVERY_BIT)) {
      const why = 'the action codes want to go online, and this terminal never does';
      return declined(run, reason(why, tag.terminalVerificationResults));
    }
    run.acType = TC;
  } else {
    const online = concerns(run, actionCodeOnline, tag.issuerActionCodeOnline, EVERY_BIT);
    run.acType = run.legacy || online ? ARQC : TC;
  }
  return run.legacy ? 'legacyGenerateAc' : 'generateAc';
};

const REFUND = 0x20;

const offlineOnly = ({ input }: Kernel5Run): boolean =>
  OFFLINE_ONLY.includes((input.terminal.get(tag.terminalType) ?? EMPTY)[0] ?? 0);

// The issuer's code counts beside the terminal's. In legacy mode, and where the card has none, it
// is `absent`.
const concerns = (
  run: Kernel5Run,
  terminalCode: Uint8Array,
  issuerCode: number,
  absent: Uint8Array,
): boolean => {
  const issuer = run.legacy ? undefined : run.card.get(issuerCode);
  return concerned(run.tvr, terminalCode) || concerned(run.tvr, issuer ?? absent);
};

const NO_BIT = Uint8Array.of(0x00, 0x00, 0x00, 0x00, 0x00);
const EVERY_BIT = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff);
