import { generateAc as generateAcCommand } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Outcome, outcome, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange, type Step } from '../shared/step.ts';
import { endApplication, linkError, message, selectNext, useContactChip } from './outcomes.ts';
import { EMPTY, elementIn, type Kernel5Run } from './run.ts';

/**
 * GENERATE AC with the values CDOL1 asks for, in either mode: what the card answered with 9000, or
 * the outcome that everything else comes to. C-5, GENERATE AC
 */
export function* askForCryptogram(
  run: Kernel5Run,
  referenceControl: number,
): Step<Uint8Array | { readonly ended: Outcome }> {
  const cdol = parseDol(run.card.get(tag.cdol1) ?? EMPTY);
  if (isMalformed(cdol)) return { ended: selectNext(run, reasonOf('CDOL1', cdol)) };
  run.cdol1Values = dolValues(cdol, 'K5', (wanted) => elementIn(run, wanted));
  if (run.cdol1Values.length > 255) {
    return { ended: selectNext(run, reason('asks for over 255 bytes', tag.cdol1)) };
  }
  yield* clearance(run.input, '05', (wanted) => run.fci.get(wanted) ?? elementIn(run, wanted));
  const answer = yield* exchange(generateAcCommand(referenceControl, run.cdol1Values));
  if ('fault' in answer) return { ended: linkError(run, 'GENERATE AC', answer.fault) };
  return answer.sw === sw.ok ? answer.data : { ended: refusal(run, answer.sw) };
}

const refusal = (run: Kernel5Run, status: number): Outcome => {
  const why = reason(`GENERATE AC answered ${swText(status)}`);
  switch (status) {
    case sw.commandNotAllowed:
      // The phone wants its owner first: "See phone", and the field off, so that it can be taken
      // away; the amount stays for the next tap.
      return outcome('tryAgain', {
        start: 'B',
        uiOnOutcome: message(run, '20', 'notReady', { holdMs: 1300 }),
        uiOnRestart: message(run, '21', 'readyToRead'),
        fieldOffMs: 1300,
        why: [...run.why, why],
      });
    case sw.useAnotherInterface:
      return useContactChip(run, why) ?? endApplication(run, why);
    default:
      return selectNext(run, why);
  }
};
