import { select } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { schemeOf } from '#data/schemes.ts';
import { child, primitives } from '#kernels/shared/card-data.ts';
import { outcome, type Reason, reason, reasonOf } from '#kernels/shared/outcome.ts';
import { exchange } from '#kernels/shared/step.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { parseDol } from '#tlv/dol.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { bestCandidate, type Candidate } from './directory.ts';
import { proprietaryTemplate } from './fci.ts';
import { kernelIdentifierTerminal } from './kernel-activation.ts';
import { type Phase, type PhaseName, type Run, removeCandidate } from './run.ts';

/** Book B 3.3.3: the best candidate, or the end when none is left. */
export const finalSelection: Phase = function* (run) {
  const best = bestCandidate(run.candidates);
  if (best === undefined) {
    run.selected = null;
    const { elsewhere } = run;
    return elsewhere === undefined
      ? nothingLeft(reason('card and reader share no application'))
      : takenElsewhere(elsewhere);
  }
  run.selected = {
    candidate: best,
    combination: best.combination,
    kernelIdentifierTerminal: kernelIdentifierTerminal(run, best.combination),
  };
  return 'applicationSelection';
};

/** Book B 3.3.3.3 to 3.3.3.6: SELECT (AID), and what its answer must hold. */
export const applicationSelection: Phase = function* (run) {
  const { selected } = run;
  if (selected === null) return nothingLeft(reason('no application was selected before'));
  const { candidate } = selected;
  const answer = yield* exchange(select(selectionName(candidate)));
  if ('fault' in answer) {
    run.byReader = false;
    run.stands = 'B';
    run.why = [...run.why, reason(`SELECT (AID): ${answer.fault}`)];
    return 'protocolActivation';
  }
  if (answer.sw !== sw.ok) {
    return refused(run, candidate, reason(`SELECT (AID) answered ${swText(answer.sw)}`));
  }
  const proprietary = checkedFci(answer.data);
  if ('why' in proprietary) return refused(run, candidate, proprietary);
  if (asksForNoTtq(proprietary, candidate)) {
    return dropped(run, candidate, reason('FCI: the PDOL does not ask for the TTQ', tag.pdol));
  }
  run.fci = answer.data;
  return 'kernelActivation';
};

// Book B 3.3.3.4: Extended Selection goes behind the ADF Name only where both sides have it, and
// only within 16 bytes.
const selectionName = ({ adfName, extendedSelection, combination }: Candidate): Uint8Array => {
  if (extendedSelection === undefined || combination.entryPoint.extendedSelection !== true) {
    return adfName;
  }
  const extended = concat(adfName, extendedSelection);
  return extended.length <= 16 ? extended : adfName;
};

const refused = (
  run: Run,
  candidate: Candidate,
  why: Reason,
): PhaseName | ReturnType<typeof nothingLeft> => {
  // Issuer data belongs to this application and to no other. 3.3.3.5
  if (run.byReader && run.activation.start === 'B' && run.activation.issuerData) {
    run.selected = null;
    return nothingLeft(why);
  }
  return dropped(run, candidate, why);
};

const dropped = (run: Run, candidate: Candidate, why: Reason): PhaseName => {
  run.why = [...run.why, why];
  run.selected = null;
  removeCandidate(run, candidate);
  return 'finalSelection';
};

// Book B 3.3.2.7: UI on outcome 1C, "insert, swipe or try another card".
const nothingLeft = (why: Reason) =>
  outcome('endApplication', { uiOnOutcome: uiRequest('1C', 'readyToRead'), why: [why] });

const takenElsewhere = (scheme: string) =>
  outcome('tryAnotherInterface', {
    uiOnOutcome: uiRequest('18', 'processingError'),
    why: [reason(`no public book describes the contactless kernel of ${scheme}`)],
  });

// 3.3.3.5: broken BER at any depth, or 6F or A5 missing. 84 may be absent.
const checkedFci = (fci: Uint8Array): Tlv | Reason => {
  const objects = primitives(fci);
  if (isMalformed(objects)) return reasonOf('FCI', objects);
  const proprietary = proprietaryTemplate(fci);
  if (isMalformed(proprietary)) return reasonOf('FCI', proprietary);
  return proprietary ?? reason('FCI: A5 is missing', tag.fciProprietaryTemplate);
};

// Book B 3.3.3.6: kernel 3 needs a Visa card that asks for the TTQ.
const asksForNoTtq = (proprietary: Tlv, candidate: Candidate): boolean => {
  const { aid, kernelId } = candidate.combination;
  if (kernelId !== '03' || schemeOf(aid)?.name !== 'Visa') return false;
  const pdol = child(proprietary, tag.pdol);
  const entries = pdol === undefined || isMalformed(pdol) ? [] : parseDol(pdol.value);
  return (
    isMalformed(entries) || !entries.some((one) => one.tag === tag.terminalTransactionQualifiers)
  );
};
