import type { PreviewSummary } from '#decisions/view.ts';
import type { JsonObject } from '#ports/journal.ts';
import { type ExitCode, exit, say } from '../exit.ts';
import type { Places } from '../places.ts';
import { isSignInProblem, readSignIn, type SignInOptions } from '../sign-in.ts';
import { refuse, unanswered, withAccess } from './access.ts';
import { type DecisionWords, decisionId } from './request.ts';
import type { AccessOptions, Decided, NfcAnswer, NfcChange, NfcStatus } from './requests.ts';
import { describeDecided, describePreview } from './text.ts';
import { understand } from './understand.ts';

export interface ChangeOptions extends AccessOptions, SignInOptions {
  readonly json?: boolean;
}

export interface DecideOptions extends ChangeOptions, DecisionWords {
  readonly dryRun?: boolean;
}

/**
 * `countertap nfc off|on`, and `nfc begin off|on` for a register that can't be read: 0 decided or
 * proposed, 1 refused, 3 error.
 */
export const decide = async (
  places: Places,
  verb: 'decide' | 'begin',
  action: 'off' | 'on',
  options: DecideOptions,
): Promise<ExitCode> => {
  const { json } = options;
  const answer = await prepare(places, verb, action, options);
  if (!('result' in answer)) return unanswered(json, answer);
  const prepared = answer.result;
  if ('nothingToDo' in prepared) {
    const { nothingToDo: reason } = prepared;
    say(json ? JSON.stringify({ status: 'done', reason }) : reason);
    return exit.ok;
  }
  if ('preview' in prepared) {
    const { preview } = prepared;
    say(json ? JSON.stringify({ status: 'preview', ...preview }) : describePreview(preview));
    return exit.ok;
  }
  const { request } = prepared;
  return change(places, options, (who) => ({ op: 'nfc', do: verb, request, ...who }));
};

/** `countertap nfc approve D3`: 0 approved, 1 refused, 3 error. */
export const approve = (places: Places, typed: string, options: ChangeOptions) => {
  const id = decisionId(typed);
  return change(places, options, (who) => ({ op: 'nfc', do: 'approve', id, ...who }));
};

type Prepared =
  | { readonly request: JsonObject }
  | { readonly preview: PreviewSummary }
  | { readonly nothingToDo: string };

// Before the PIN is asked for: who typed something that can't be is told at once.
const prepare = (
  places: Places,
  verb: 'decide' | 'begin',
  action: 'off' | 'on',
  options: DecideOptions,
): Promise<NfcAnswer<Prepared>> =>
  withAccess(places, 'look', options, async (access): Promise<NfcAnswer<Prepared>> => {
    const status = await access.ask<NfcStatus>({ op: 'nfc', do: 'status' });
    if (!('result' in status)) return status;
    const understood = understand(action, verb, options, status.result);
    if ('nothingToDo' in understood) return { result: understood };
    if (!('request' in understood)) return understood;
    const { request, notes } = understood;
    for (const note of notes) process.stderr.write(`${note}\n`);
    const by = options.by === undefined ? {} : { by: options.by };
    const preview = await access.ask<PreviewSummary>({ op: 'nfc', do: 'preview', request, ...by });
    if (options.dryRun === true) {
      return 'result' in preview ? { result: { preview: preview.result } } : preview;
    }
    // What is wrong with it, the decision itself is told.
    const warnings = 'result' in preview ? preview.result.warnings : [];
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    return { result: { request } };
  });

const change = async (
  places: Places,
  options: ChangeOptions,
  requestBy: (who: { readonly by: string; readonly pin: string }) => NfcChange,
): Promise<ExitCode> => {
  const { json } = options;
  const who = await readSignIn(options);
  if (isSignInProblem(who)) return refuse(json, { field: '', problem: who.problem });
  const answer = await withAccess(places, 'decide', options, (access) =>
    access.ask<Decided>(requestBy({ by: who.name, pin: who.pin })),
  );
  if (!('result' in answer)) return unanswered(json, answer);
  const { result } = answer;
  say(json ? JSON.stringify({ status: 'done', ...result }) : describeDecided(result));
  return exit.ok;
};
