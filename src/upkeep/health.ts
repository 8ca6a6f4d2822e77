import type { Site } from './install.ts';
import { compareVersions, other } from './launcher.ts';
import { after } from './phases.ts';
import { type Refusal, refusal } from './refusal.ts';
import { changeState } from './state-file.ts';
import type { SlotRecord, State } from './types.ts';

type Place = Pick<Site, 'disk' | 'root'>;

/**
 * The running release came up healthy. To be told at each start: three starts without it, and the
 * launcher goes to the other slot. What healthy means, a release says itself; one that is settled
 * should say so as soon as its process stands, lest a shop without its reader gets an old release.
 */
export const tellHealthy = (place: Place): Promise<State | Refusal> =>
  ofCurrent(place, (state, record) =>
    withRecord(
      // Why the last update was left is for the doctor, and for whoever is offered it again.
      { ...state, reason: state.phase === 'rolledBack' ? state.reason : null },
      { ...record, starts: 0, healthy: true },
    ),
  );

/** Why the running release can't come up: for the doctor, and for the launcher when it leaves. */
export const tellUnhealthy = (place: Place, reason: string): Promise<State | Refusal> =>
  ofCurrent(place, (state) => ({ ...state, reason: reason.slice(0, 500) }));

/**
 * The running release has proved itself: told after `probationMs` of one run, by a clock that
 * nobody sets. From now on the other slot may be used; the floor rises to what the release says.
 */
export const settle = (place: Place, releaseFloor: string): Promise<State | Refusal> =>
  ofCurrent(place, (state, record) => {
    const phase = after(state.phase, 'proved');
    if (!phase || !record.healthy) return refusal('state', 'no release is in a healthy probation');
    const floor = compareVersions(releaseFloor, state.floor) > 0 ? releaseFloor : state.floor;
    return { ...state, phase, floor, reason: null };
  });

/** Goes back to the other slot, if there is a release; it runs from the next start on. */
export const rollBack = (place: Place, why: string): Promise<State | Refusal> =>
  ofCurrent(place, (state) => {
    const phase = after(state.phase, 'left');
    const current = other(state.current);
    const spare = state.slots[current];
    if (!phase || !spare || !/switched|probation|settled/.test(state.phase)) {
      return refusal('state', 'there is no release to go back to');
    }
    const fresh = { ...spare, starts: 0, trials: 0, healthy: false };
    return withRecord({ ...state, current, phase, reason: why.slice(0, 500) }, fresh);
  });

const ofCurrent = (
  place: Place,
  change: (state: State, record: SlotRecord) => State | Refusal,
): Promise<State | Refusal> =>
  changeState(place, (state) => {
    const record = state === 'absent' ? null : state.slots[state.current];
    if (state === 'absent' || !record) return refusal('state', 'no release is current');
    return change(state, record);
  });

const withRecord = (state: State, record: SlotRecord): State => ({
  ...state,
  slots: { ...state.slots, [state.current]: record },
});
