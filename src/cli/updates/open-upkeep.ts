import { type Observable, of } from 'rxjs';
import { fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Audit } from '#staff/index.ts';
import type { Terminal, TerminalEvent } from '#terminal/types.ts';
import type { FirmwareWork, Keeper } from '#upkeep/index.ts';
import type { Uplink } from '#uplink/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { type Places, placesIn } from '../places.ts';
import { VERSION } from '../version.ts';
import { clock } from '../world.ts';
import type { FirmwareSurroundings } from './firmware-upkeep.ts';
import { type SlotsHere, slotsHere } from './slots-here.ts';

/** What updates look at, and end, as main has it. */
export interface UpkeepSurroundings {
  readonly terminal: Pick<Terminal, 'status' | 'finish'>;
  readonly uplink: Pick<Uplink, 'state$'>;
  readonly events$: Observable<TerminalEvent>;
  readonly display: { readonly url: string };
  /** Where it records what was loaded to peripherals. */
  readonly audit: Audit;
}

export interface OpenedUpkeep extends Keeper {
  /** Resolves when another start is wanted: nobody pays, and no further payment is taken. */
  readonly left: Promise<void>;
}

/**
 * Updates of a terminal that runs from a slot. A checkout is updated by nobody, and loads nothing
 * of it; where the slots can't be read, payments go on.
 */
export const openUpkeep = async (
  { configuration, state }: { readonly configuration: Configuration; readonly state?: string },
  surroundings: UpkeepSurroundings,
  log: Log,
): Promise<OpenedUpkeep> => {
  const slots = slotsHere();
  if (slots === undefined) return unmanaged();
  return keep(configuration, placesIn(state), slots, surroundings, log);
};

const keep = async (
  configuration: Configuration,
  places: Places,
  slots: SlotsHere,
  { terminal, uplink, events$, display, audit }: UpkeepSurroundings,
  log: Log,
): Promise<OpenedUpkeep> => {
  const { openKeeper } = await import('#upkeep/keeper.ts');
  const { noteKnown, readKnown } = await import('#upkeep/known.ts');
  const { keeperParts, knownIn } = await import('./keeper-parts.ts');
  const { complaintOf, factsOf } = await import('./release-health.ts');
  const { watchCounter } = await import('./counter-watch.ts');
  const counter = watchCounter(terminal, events$, uplink);
  const { signOn: signsOn } = configuration.terminal.host;
  const vitals = {
    ...{ status: terminal.status, uplink: counter.uplink },
    ...{ displayUrl: display.url, signsOn },
  };
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const { before } = await readKnown(slots.disk, knownIn(places));
  const parts = keeperParts(configuration, places, slots);
  const { quiet } = counter;
  const firmware = await firmwareIn(configuration, places, { quiet, audit, log });
  const keeper = await openKeeper({
    ...{ ...parts, ...firmware, clock, log, counter, version: VERSION },
    complaint: () => complaintOf(vitals, before),
    leave: (why) => {
      log.info({ why }, 'the terminal ends, to be started again');
      // No payment is taken any more, before anything else is closed.
      void terminal.finish();
      leave();
    },
  });
  if (isFault(keeper)) {
    log.error({ problem: keeper }, 'this terminal gets no updates; payments go on');
    counter.close();
    return unmanaged(keeper.detail);
  }
  return {
    ...{ ...keeper, left },
    close: async () => {
      // The next release must have what this one had, if this one was any good.
      if (keeper.proved()) {
        await noteKnown(slots.disk, knownIn(places), { before: factsOf(vitals) });
      }
      await keeper.close();
      counter.close();
    },
  };
};

// A terminal without such peripherals loads nothing of it.
const firmwareIn = async (
  configuration: Configuration,
  places: Places,
  surroundings: FirmwareSurroundings,
): Promise<{ readonly firmware?: FirmwareWork }> => {
  if (configuration.terminal.upkeep.peripherals.length === 0) return {};
  const { firmwareUpkeep } = await import('./firmware-upkeep.ts');
  return { firmware: firmwareUpkeep(configuration, places, surroundings) };
};

const CHECKOUT = 'this terminal runs from a checkout, which nothing updates';

const unmanaged = (reason?: string): OpenedUpkeep => {
  const why = reason ?? CHECKOUT;
  const standing: UpkeepStanding = {
    ...{ managed: false, version: VERSION, phase: 'idle', work: 'none' },
    ...(reason === undefined ? {} : { reason }),
  };
  return {
    standing$: of(standing),
    standing: () => standing,
    order: async () => fault('aborted', why),
    done: async () => ({ outcome: 'broken', why }),
    proved: () => false,
    left: new Promise(() => {}),
    close: async () => {},
  };
};
