import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import { type Outcome, outcome, type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { EMPTY, endApplication, type Kernel6Run, type Phase, setTvr } from './run.ts';

/**
 * C-6, Issuer Update: the card is back for its issuer's script, one template 71 or 72. The host has
 * decided; nothing here changes that, and the shopper sees what the host said.
 */
export const issuerUpdate: Phase = function* (run) {
  const objects = parseTlvs(run.input.issuerData ?? EMPTY);
  if (isMalformed(objects)) return ended(run, reasonOf('issuer data', objects));
  const [script, another] = objects.filter(isScript);
  if (script === undefined) return ended(run);
  if (another !== undefined) {
    run.why.push(reason('only the first issuer script is for kernel 6', another.tag));
  }
  const parts = parseTlvs(script.value, script.valueOffset);
  if (isMalformed(parts)) return failed(run, reasonOf('issuer script', parts));
  for (const { value } of parts.filter((one) => one.tag === tag.issuerScriptCommand)) {
    if (value.length < SHORTEST_COMMAND) return failed(run, reason('no command', script.tag));
    const answer = yield* exchange(value);
    if ('fault' in answer) return endApplication(run, reason(`issuer script: ${answer.fault}`));
    if (answer.sw !== sw.ok) {
      // 6982: the card did not believe that its issuer had sent it.
      if (answer.sw === SECURITY_NOT_SATISFIED) setTvr(run, 'issuerAuthenticationFailed');
      return failed(run, reason(`issuer script command answered ${swText(answer.sw)}`));
    }
  }
  return ended(run);
};

const isScript = (object: Tlv): boolean =>
  object.tag === tag.issuerScriptTemplate1 || object.tag === tag.issuerScriptTemplate2;

// CLA INS P1 P2
const SHORTEST_COMMAND = 4;
const SECURITY_NOT_SATISFIED = 0x6982;

const failed = (run: Kernel6Run, why: Reason): Outcome => {
  setTvr(run, 'scriptFailed');
  return ended(run, why);
};

const ended = (run: Kernel6Run, ...why: readonly Reason[]): Outcome =>
  outcome('endApplication', { why: [...run.why, ...why] });
