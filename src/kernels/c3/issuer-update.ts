import { externalAuthenticate } from '#apdu/command.ts';
import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import { runScript, type ScriptEnd } from '../shared/issuer-script.ts';
import { type Outcome, outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, type Step } from '../shared/step.ts';
import { EMPTY, type Kernel3Run, linkError, type Phase } from './run.ts';

/**
 * C-3 5.9: the card is back for what its issuer has to say. The host has decided; nothing here
 * changes that. A Level 1 error is answered like everywhere in this kernel: Try Again, which is the
 * same card once more (the book says "at any time").
 */
export const issuerUpdate: Phase = function* (run) {
  const objects = parseTlvs(run.input.issuerData ?? EMPTY);
  if (isMalformed(objects)) {
    run.why.push(reasonOf('issuer data', objects));
    return ended(run);
  }
  const authentication = objects.find((one) => one.tag === tag.issuerAuthenticationData)?.value;
  if (authentication !== undefined && isAuthenticationData(authentication)) {
    const answer = yield* exchange(externalAuthenticate(authentication));
    // Its status word is for the issuer's scripts to care about, not for the terminal. 5.9.1
    if ('fault' in answer) return linkError(run, reason(`EXTERNAL AUTHENTICATE: ${answer.fault}`));
  }
  const problem = yield* runScripts(run, objects.filter(isScript));
  return problem ?? ended(run);
};

// 5.9.3: every parameter N/A, no message: the shopper sees what the host decided.
const ended = (run: Kernel3Run): Outcome => outcome('endApplication', { why: run.why });

// 8 bytes of cryptogram and up to 8 the issuer may add. Anything else is not sent. Book 3 §6.5.4
const isAuthenticationData = ({ length }: Uint8Array): boolean => length >= 8 && length <= 16;

const isScript = (object: Tlv): boolean =>
  object.tag === tag.issuerScriptTemplate1 || object.tag === tag.issuerScriptTemplate2;

// Templates 71 and 72 alike, as the issuer ordered them; the first command that fails is the last.
function* runScripts(run: Kernel3Run, scripts: readonly Tlv[]): Step<Outcome | undefined> {
  const results: Uint8Array[] = [];
  let stopped = false;
  for (const script of scripts) {
    const end: ScriptEnd = stopped ? NOTHING_DONE : yield* runScript(script);
    if (end.end === 'link') return linkError(run, reason(`issuer script: ${end.fault}`));
    if (end.end === 'failed') run.why.push(end.why);
    stopped ||= end.end === 'failed';
    results.push(concat(Uint8Array.of(resultOf(end)), identifierOf(script)));
  }
  if (results.length > 0) run.issuerScriptResults = concat(...results);
  return undefined;
}

const NOTHING_DONE: ScriptEnd = { end: 'done', commands: 0 };

// First byte of Issuer Script Results: 0 not performed, 1 failed, 2 successful; and which failed.
const resultOf = (end: Exclude<ScriptEnd, { readonly end: 'link' }>): number => {
  if (end.end === 'done') return end.commands === 0 ? 0x00 : 0x20;
  return end.command === undefined ? 0x00 : 0x10 | Math.min(end.command, 15);
};

const identifierOf = (script: Tlv): Uint8Array => {
  const parts = parseTlvs(script.value, script.valueOffset);
  const identifier = isMalformed(parts)
    ? undefined
    : parts.find((one) => one.tag === tag.issuerScriptIdentifier)?.value;
  const four = new Uint8Array(4);
  four.set((identifier ?? EMPTY).subarray(0, 4));
  return four;
};
