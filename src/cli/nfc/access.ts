import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from '../exit.ts';
import type { Places } from '../places.ts';
import type { AccessOptions, NfcAccess, NfcAnswer, NfcRequest, Refused } from './requests.ts';
import { joined } from './wire.ts';

/**
 * Asks the running terminal. Where none runs, this process opens the journal itself: beside
 * everything to look, as its one writer to decide, so that a terminal that starts meanwhile is
 * refused.
 */
export const openAccess = async (
  places: Places,
  purpose: 'look' | 'decide',
  options: AccessOptions,
): Promise<NfcAccess | { readonly error: string }> => {
  const probe = await call(places.controlSocket, { op: 'nfc', do: 'status' });
  if (!isFault(probe) || probe.fault !== 'serviceDown') {
    return { ask: (request) => askTerminal(places, request), close: async () => {} };
  }
  const { openHere } = await import('./here.ts');
  return openHere(places, purpose, options);
};

/** Opens what answers, asks it, and closes it again. */
export const withAccess = async <Result>(
  places: Places,
  purpose: 'look' | 'decide',
  options: AccessOptions,
  work: (access: NfcAccess) => Promise<NfcAnswer<Result>>,
): Promise<NfcAnswer<Result>> => {
  const access = await openAccess(places, purpose, options);
  if ('error' in access) return access;
  try {
    return await work(access);
  } finally {
    await access.close();
  }
};

/** Says why there is no result, and with which code the command ends. */
export const unanswered = (
  json: boolean | undefined,
  answer: Exclude<NfcAnswer<unknown>, { result: unknown }>,
): ExitCode => {
  if ('refused' in answer) return refuse(json, answer.refused);
  if (json) say(JSON.stringify({ status: 'error', reason: answer.error }));
  return fail(answer.error);
};

export const refuse = (json: boolean | undefined, refused: Refused): ExitCode => {
  const { field, problem, retryAfterMs } = refused;
  if (json) say(JSON.stringify({ status: 'refused', ...refused }));
  const wait = retryAfterMs === undefined ? '' : ` (in ${Math.ceil(retryAfterMs / 1000)} s)`;
  fail(`refused: ${field === '' ? '' : `${field}: `}${problem}${wait}`);
  return exit.declined;
};

const askTerminal = async <Result>(
  { controlSocket }: Places,
  request: NfcRequest,
): Promise<NfcAnswer<Result>> => {
  const progress: ControlLine[] = [];
  const last = await call(controlSocket, { ...request }, (line) => progress.push(line));
  if (isFault(last)) return { error: last.detail };
  const answer = joined(last, progress);
  if (answer === undefined) return { error: "the terminal's answer has gaps" };
  if ('result' in answer || 'refused' in answer) return answer as unknown as NfcAnswer<Result>;
  return { error: String(answer['error'] ?? 'the terminal gave no answer') };
};
