import { externalAuthenticate } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
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
    const parts = parseTlvs(script.value, script.valueOffset);
    if (isMalformed(parts)) run.why.push(reasonOf('issuer script', parts));
    const objects = isMalformed(parts) ? [] : parts;
    const commands = objects.filter((one) => one.tag === tag.issuerScriptCommand);
    const identifier = objects.find((one) => one.tag === tag.issuerScriptIdentifier)?.value;
    const done: number | Outcome = stopped ? NOT_PERFORMED : yield* runScript(run, commands);
    if (typeof done !== 'number') return done;
    stopped ||= done >> 4 === FAILED || isMalformed(parts);
    results.push(concat(Uint8Array.of(done), fourBytes(identifier)));
  }
  if (results.length > 0) run.issuerScriptResults = concat(...results);
  return undefined;
}

// First byte of Issuer Script Results: 0 not performed, 1 failed, 2 successful; and which failed.
const NOT_PERFORMED = 0x00;
const FAILED = 1;
const SUCCESSFUL = 0x20;

function* runScript(run: Kernel3Run, commands: readonly Tlv[]): Step<number | Outcome> {
  for (const [index, { value }] of commands.entries()) {
    const failedHere = (FAILED << 4) | Math.min(index + 1, 15);
    if (value.length < SHORTEST_COMMAND) return failedHere;
    const answer = yield* exchange(value);
    if ('fault' in answer) return linkError(run, reason(`issuer script: ${answer.fault}`));
    if (!isWarningOrOk(answer.sw)) {
      run.why.push(reason(`issuer script command answered ${swText(answer.sw)}`));
      return failedHere;
    }
  }
  return commands.length === 0 ? NOT_PERFORMED : SUCCESSFUL;
}

// CLA INS P1 P2
const SHORTEST_COMMAND = 4;

// 5.9.2: 9000, and the warnings 62xx and 63xx.
const isWarningOrOk = (status: number): boolean =>
  status === 0x9000 || status >> 8 === 0x62 || status >> 8 === 0x63;

const fourBytes = (identifier: Uint8Array = EMPTY): Uint8Array => {
  const four = new Uint8Array(4);
  four.set(identifier.subarray(0, 4));
  return four;
};
