import { resolve } from 'node:path';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { problemOf } from '#upkeep/index.ts';
import { type ExitCode, exit, fail, failAs, say } from '../exit.ts';
import type { Places } from '../places.ts';
import type { SignInOptions } from '../sign-in.ts';
import type { UpdateAnswer, UpdateRequest } from './requests.ts';
import { mayOrder } from './sign-in.ts';
import { describeStanding } from './text.ts';

export interface OrderOptions {
  readonly config?: string;
  readonly from?: string;
  readonly json?: boolean;
}

export interface InstallOptions extends OrderOptions, SignInOptions {
  readonly now?: boolean;
}

export interface RollBackOptions extends Omit<OrderOptions, 'from'>, SignInOptions {
  readonly why?: string;
}

/** `countertap update status`. */
export const status = async (
  places: Places,
  { json }: { readonly json?: boolean },
): Promise<ExitCode> => {
  const answer = await ask(places, {}, { op: 'update', order: 'status' });
  if ('error' in answer) return failAs(json, answer.error);
  say(json ? JSON.stringify(answer.standing) : describeStanding(answer.standing));
  return exit.ok;
};

/** `countertap update look`: 0 with whatever is offered, 1 what failed here before, 3 error. */
export const look = async (places: Places, options: OrderOptions): Promise<ExitCode> => {
  const says = `look for updates${fromWords(options)}`;
  const who = await mayOrder(places, {}, { action: 'look for updates', says, free: true });
  if ('exit' in who) return who.exit;
  return report(
    options,
    await ask(places, options, { op: 'update', order: 'look', ...from(options) }),
  );
};

/** `countertap update install`: 0 ready or running already, 1 refused, 3 error. */
export const install = async (places: Places, options: InstallOptions): Promise<ExitCode> => {
  const when = options.now ? 'as soon as nobody pays' : 'in the window';
  const says = `install what is offered${fromWords(options)}, to take over ${when}`;
  const who = await mayOrder(places, options, { action: 'install update', says });
  if ('exit' in who) return who.exit;
  const atOnce = options.now === true;
  const request = { op: 'update', order: 'install', atOnce, ...from(options) } as const;
  return report(options, await ask(places, options, request));
};

/** `countertap update roll-back`: 0 it is under way, 3 there is none to go back to. */
export const rollBack = async (places: Places, options: RollBackOptions): Promise<ExitCode> => {
  const reason = options.why ?? 'no reason given';
  const says = `go back to the release before: ${reason}`;
  const who = await mayOrder(places, options, { action: 'roll update back', says });
  if ('exit' in who) return who.exit;
  const why = `${who.person} ordered it: ${reason}`.slice(0, 500);
  return report(options, await ask(places, options, { op: 'update', order: 'rollBack', why }));
};

// The running terminal, else this process with the same worker.
const ask = async (
  places: Places,
  { config, json }: OrderOptions,
  request: UpdateRequest,
): Promise<UpdateAnswer | { readonly error: string }> => {
  const told = (line: ControlLine) => {
    if (json !== true) process.stderr.write(`${progressWords(line)}\n`);
  };
  let last = '';
  const once = (line: ControlLine) => {
    if (progressWords(line) !== last) told(line);
    last = progressWords(line);
  };
  const answer = await call(places.controlSocket, { ...request }, once);
  if (!isFault(answer)) {
    const { error } = answer;
    return typeof error === 'string' ? { error } : (answer as unknown as UpdateAnswer);
  }
  if (answer.fault !== 'serviceDown') return { error: answer.detail };
  const { updateHere } = await import('./here.ts');
  return updateHere(places, config, request, once);
};

const progressWords = ({ event, version }: ControlLine): string =>
  `${event}${version === undefined ? '' : ` ${version}`}`;

const report = (
  { json }: Pick<OrderOptions, 'json'>,
  answer: UpdateAnswer | { readonly error: string },
): ExitCode => {
  if ('error' in answer) return failAs(json, answer.error);
  const { outcome, standing } = answer;
  if (json) say(JSON.stringify(answer));
  const problem = outcome && problemOf(outcome);
  if (problem === undefined) {
    if (!json) say(describeStanding(standing));
    return exit.ok;
  }
  fail(problem);
  const isRefused = outcome?.outcome === 'refused' || outcome?.outcome === 'failedBefore';
  return isRefused ? exit.declined : exit.error;
};

// A path is the caller's, and the terminal runs elsewhere.
const from = ({ from: source }: OrderOptions): { readonly from?: string } => {
  if (source === undefined) return {};
  return { from: source.startsWith('https://') ? source : resolve(source) };
};

const fromWords = ({ from: source }: OrderOptions): string =>
  source === undefined ? '' : ` from ${source}`;
