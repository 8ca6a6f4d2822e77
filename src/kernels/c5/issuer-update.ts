import { generateAc as generateAcCommand } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import { AAC, type CryptogramType, TC } from '../shared/cryptogram-type.ts';
import { dolValues } from '../shared/dol-values.ts';
import { runScript } from '../shared/issuer-script.ts';
import { type Outcome, outcome, type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, type Step } from '../shared/step.ts';
import { readSecondAnswer } from './cryptogram-answer.ts';
import { approved, declined } from './outcomes.ts';
import { EMPTY, elementIn, type Kernel5Run, type Phase, setTvr, type tvr } from './run.ts';

/**
 * C-5, Issuer Update: the host has answered, and the card is there still or again. Scripts 71, the
 * second GENERATE AC, scripts 72. Errors end the application without a word: what the host said
 * stands (the POS follows the response code).
 */
export const issuerUpdate: Phase = function* (run) {
  const objects = parseTlvs(run.input.onlineResponse ?? run.input.issuerData ?? EMPTY);
  if (isMalformed(objects)) return ended(run, reasonOf('online response', objects));
  const find = (wanted: number) => objects.find((one) => one.tag === wanted)?.value;
  const responseCode = find(tag.authorisationResponseCode);
  const scripts = (wanted: number) => objects.filter((one) => one.tag === wanted);
  const [before, after] = SCRIPTS.map(scripts) as [Tlv[], Tlv[]];
  const authentication = find(tag.issuerAuthenticationData);
  const second = authentication !== undefined || after.length > 0;
  if (responseCode === undefined || (!second && before.length === 0)) {
    return ended(run, reason('the host sent nothing for the card'));
  }
  const early = yield* deliver(run, before, 'scriptFailedBeforeAc');
  if (early !== undefined) return ended(run, early);
  if (!second) return ended(run);
  const sent = new Map([[tag.authorisationResponseCode, responseCode]]);
  if (authentication !== undefined) sent.set(tag.issuerAuthenticationData, authentication);
  const result = yield* secondGenerateAc(run, sent);
  if (result.outcome === 'endApplication') return result;
  // The data record has the TVR that the card saw.
  const told = run.why.length;
  const late = yield* deliver(run, after, 'scriptFailedAfterAc');
  if (late !== undefined) run.why.push(late);
  return { ...result, why: [...result.why, ...run.why.slice(told)] };
};

const SCRIPTS = [tag.issuerScriptTemplate1, tag.issuerScriptTemplate2];

// No message: the shopper sees what the host decided.
const ended = (run: Kernel5Run, ...why: readonly Reason[]): Outcome =>
  outcome('endApplication', { why: [...run.why, ...why] });

// Why it can't go on, if the card has gone; a script that fails is for the issuer to see (TVR).
function* deliver(
  run: Kernel5Run,
  scripts: readonly Tlv[],
  failed: keyof typeof tvr,
): Step<Reason | undefined> {
  for (const script of scripts) {
    const result = yield* runScript(script);
    if (result.end === 'link') return reason(`issuer script: ${result.fault}`);
    if (result.end === 'failed') {
      setTvr(run, failed);
      run.why.push(result.why);
    }
  }
  return undefined;
}

function* secondGenerateAc(run: Kernel5Run, sent: ReadonlyMap<number, Uint8Array>): Step<Outcome> {
  const cdol = parseDol(elementIn(run, tag.cdol2) ?? EMPTY);
  if (isMalformed(cdol)) return ended(run, reasonOf('CDOL2', cdol));
  if (cdol.length === 0) return ended(run, reason('it is missing', tag.cdol2));
  const values = dolValues(cdol, 'K5', (wanted) => sent.get(wanted) ?? elementIn(run, wanted));
  if (values.length > 255) return ended(run, reason('asks for over 255 bytes', tag.cdol2));
  const code = String.fromCharCode(...(sent.get(tag.authorisationResponseCode) ?? EMPTY));
  const asked = APPROVALS.has(code) ? TC : AAC;
  const answer = yield* exchange(generateAcCommand(asked << 6, values));
  if ('fault' in answer) return ended(run, reason(`second GENERATE AC: ${answer.fault}`));
  if (answer.sw !== sw.ok) {
    return ended(run, reason(`second GENERATE AC answered ${swText(answer.sw)}`));
  }
  return settled(run, answer.data, asked);
}

// Response codes that ask the card for its approval. C-5
const APPROVALS: ReadonlySet<string> = new Set(['00', '10', '11', '01', '02']);

// The card may refuse what the host approved, and never approve what the host refused.
const settled = (run: Kernel5Run, data: Uint8Array, asked: CryptogramType): Outcome => {
  const answer = readSecondAnswer(run, data);
  if ('why' in answer) return ended(run, answer);
  if (answer.type === TC && asked === TC) return approved(run);
  const what = answer.type === AAC ? 'the card declined (AAC)' : 'not the cryptogram asked for';
  return declined(run, reason(`second GENERATE AC: ${what}`, tag.cryptogramInformationData));
};
