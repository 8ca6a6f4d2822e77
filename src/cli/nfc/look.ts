import { writeFileSync } from 'node:fs';
import { isDecisionProblem } from '#acceptance/index.ts';
import { verifyFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from '../exit.ts';
import type { Places } from '../places.ts';
import { unanswered, withAccess } from './access.ts';
import { factsOf, type PaymentWords } from './facts.ts';
import type { AccessOptions, History, NfcRequest, NfcStatus, RegisterCheck } from './requests.ts';
import { describeCheck, describeHistory, describeStatus } from './text.ts';

export interface LookOptions extends AccessOptions {
  readonly json?: boolean;
}

/** `countertap nfc status`: 0, also when nothing is taken. */
export const status = (places: Places, options: LookOptions): Promise<ExitCode> =>
  show<NfcStatus>(places, options, { op: 'nfc', do: 'status' }, describeStatus);

/** `countertap nfc history`: newest first. */
export const history = (
  places: Places,
  { last, ...options }: LookOptions & { readonly last?: number },
): Promise<ExitCode> => {
  const request: NfcRequest = { op: 'nfc', do: 'history', ...(last === undefined ? {} : { last }) };
  return show<History>(places, options, request, describeHistory, ({ unreadable }) =>
    unreadable === undefined ? exit.ok : fail(`the register can't be read: ${unreadable}`),
  );
};

/** `countertap nfc why`: 0, whatever the answer is. */
export const why = async (
  places: Places,
  { json, config, ...words }: LookOptions & PaymentWords,
): Promise<ExitCode> => {
  const answer = await withAccess(
    places,
    'look',
    { ...(config ? { config } : {}) },
    async (access) => {
      const shop = await access.ask<NfcStatus>({ op: 'nfc', do: 'status' });
      if (!('result' in shop)) return shop;
      const facts = factsOf(words, shop.result.shop);
      if (isDecisionProblem(facts)) return { refused: facts };
      return access.ask<readonly string[]>({ op: 'nfc', do: 'why', facts });
    },
  );
  if (!('result' in answer)) return unanswered(json, answer);
  const { result: says } = answer;
  say(json ? JSON.stringify({ says }) : says.join('\n'));
  return exit.ok;
};

/** `countertap nfc verify`: 0 whole, 1 broken, 3 unreadable. */
export const verify = async (places: Places, options: LookOptions): Promise<ExitCode> => {
  const { json } = options;
  const answer = await withAccess(places, 'look', options, (access) =>
    access.ask<RegisterCheck>({ op: 'nfc', do: 'verify' }),
  );
  const checked = 'error' in answer ? (brokenJournal(places) ?? answer) : answer;
  if (!('result' in checked)) return unanswered(json, checked);
  const check = checked.result;
  say(json ? JSON.stringify(check) : describeCheck(check));
  if (check.problem === undefined) return exit.ok;
  fail('nothing is taken while this is so: `countertap nfc status` says what to do');
  return exit.declined;
};

// The register is as good as the journal that it stands in: what is wrong there, its own look says.
const brokenJournal = ({ journal }: Places): { readonly result: RegisterCheck } | undefined => {
  const state = verifyFile(journal);
  if (isFault(state) || state.chain === 'whole') return undefined;
  const where = state.sequence === 0 ? 'the journal' : `entry ${state.sequence} of the journal`;
  return { result: { entries: 0, head: '', problem: `${where}: ${state.problem}` } };
};

export interface ExportOptions extends AccessOptions {
  readonly format: 'csv' | 'json';
}

/** `countertap nfc export`: the whole register, to standard output or a new file. */
export const exportTo = async (
  places: Places,
  file: string | undefined,
  options: ExportOptions,
): Promise<ExitCode> => {
  const { format } = options;
  const answer = await withAccess(places, 'look', options, (access) =>
    access.ask<string>({ op: 'nfc', do: 'export', format }),
  );
  if (!('result' in answer)) return unanswered(false, answer);
  if (file === undefined) {
    process.stdout.write(answer.result);
    return exit.ok;
  }
  try {
    writeFileSync(file, answer.result, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    return fail(`${file} can't be made: ${error instanceof Error ? error.message : error}`);
  }
  return exit.ok;
};

const show = async <Result>(
  places: Places,
  options: LookOptions,
  request: NfcRequest,
  describe: (result: Result) => string,
  codeOf: (result: Result) => ExitCode = () => exit.ok,
): Promise<ExitCode> => {
  const answer = await withAccess(places, 'look', options, (access) => access.ask<Result>(request));
  if (!('result' in answer)) return unanswered(options.json, answer);
  say(options.json ? JSON.stringify(answer.result) : describe(answer.result));
  return codeOf(answer.result);
};
