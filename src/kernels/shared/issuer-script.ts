import { swText } from '#apdu/response.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import { type Reason, reason, reasonOf } from './outcome.ts';
import { type CardFault, exchange, type Step } from './step.ts';

/** How far a script came. */
export type ScriptEnd =
  /** All its commands were carried out, or it has none. */
  | { readonly end: 'done'; readonly commands: number }
  /** `command` counts from 1; undefined: the template can't be taken apart. */
  | { readonly end: 'failed'; readonly command?: number; readonly why: Reason }
  | { readonly end: 'link'; readonly fault: CardFault };

/**
 * Sends the commands (86) of one issuer script, template 71 or 72, in their order; the first that
 * fails is the last. Book 3 §10.10
 */
export function* runScript(script: Tlv): Step<ScriptEnd> {
  const parts = parseTlvs(script.value, script.valueOffset);
  if (isMalformed(parts)) return { end: 'failed', why: reasonOf('issuer script', parts) };
  const commands = parts.filter((one) => one.tag === tag.issuerScriptCommand);
  for (const [index, { value }] of commands.entries()) {
    const failed = (what: string): ScriptEnd => ({
      end: 'failed',
      command: index + 1,
      why: reason(`issuer script command ${what}`),
    });
    if (value.length < SHORTEST_COMMAND) return failed('is too short to be one');
    const answer = yield* exchange(value);
    if ('fault' in answer) return { end: 'link', fault: answer.fault };
    if (!isWarningOrOk(answer.sw)) return failed(`answered ${swText(answer.sw)}`);
  }
  return { end: 'done', commands: commands.length };
}

// CLA INS P1 P2
const SHORTEST_COMMAND = 4;

/** 9000, and the warnings 62xx and 63xx. */
const isWarningOrOk = (status: number): boolean =>
  status === 0x9000 || status >> 8 === 0x62 || status >> 8 === 0x63;
