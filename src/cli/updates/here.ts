import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import type { ControlLine } from '#ports/control.ts';
import {
  isRefusal,
  readKnown,
  readState,
  rollBack,
  standingOf,
  switchOver,
} from '#upkeep/index.ts';
import { loadConfiguration } from '../load-configuration.ts';
import { configurationFor } from '../noted-configuration.ts';
import type { Places } from '../places.ts';
import { VERSION } from '../version.ts';
import { knownIn } from './keeper-parts.ts';
import { updateInOwnProcess } from './process.ts';
import type { UpdateAnswer, UpdateRequest } from './requests.ts';
import { type SlotsHere, slotsHere } from './slots-here.ts';

type Answer = UpdateAnswer | { readonly error: string };

/**
 * The same as a running terminal does, where none runs. What is ready takes over at once: nobody
 * pays, and the next start is the new release's.
 */
export const updateHere = async (
  places: Places,
  config: string | undefined,
  asked: UpdateRequest,
  tell: (line: ControlLine) => void,
): Promise<Answer> => {
  const { order, why = 'staff order it' } = asked;
  const slots = slotsHere();
  if (slots === undefined) {
    const standing = { managed: false, version: VERSION, phase: 'idle', work: 'none' } as const;
    return order === 'status' ? { standing } : { error: CHECKOUT };
  }
  if (order === 'status') return standingHere(places, slots);
  if (order === 'rollBack') {
    const state = await rollBack(slots, why);
    return isRefusal(state) ? { error: state.detail } : standingHere(places, slots);
  }
  return worked(places, config, slots, { ...asked, order }, tell);
};

const CHECKOUT = 'this is a checkout, which nothing updates: COUNTERTAP_ROOT is not set';

const worked = async (
  places: Places,
  config: string | undefined,
  slots: SlotsHere,
  { order, from }: UpdateRequest & { readonly order: 'look' | 'install' },
  tell: (line: ControlLine) => void,
): Promise<Answer> => {
  const which = configurationFor(places, config);
  if ('problem' in which) return { error: which.problem };
  const configuration = loadConfiguration(which.name);
  if (isConfigProblem(configuration)) return { error: describeConfigProblem(configuration) };
  const worker = { state: places.state, config: configuration.folder };
  const source = from === undefined ? {} : { from };
  const job = { do: order, evenIfFailed: order === 'install', ...source };
  const { signal } = new AbortController();
  const outcome = await updateInOwnProcess(worker, job, (line) => tell({ ...line }), signal);
  if (outcome.outcome === 'ready' && order === 'install') {
    const switched = await switchOver(slots);
    if (isRefusal(switched)) return { error: switched.detail };
  }
  const after = await standingHere(places, slots);
  return 'error' in after ? after : { ...after, outcome };
};

const standingHere = async (places: Places, { disk, root }: SlotsHere): Promise<Answer> => {
  const state = await readState(disk, root);
  if (isRefusal(state)) return { error: state.detail };
  if (state === 'absent') return { error: `${root} holds no state of releases` };
  const { lastLook } = await readKnown(disk, knownIn(places));
  const version = state.slots[state.current]?.version ?? VERSION;
  return { standing: standingOf(version, state, lastLook) };
};
