import { Subject } from 'rxjs';
import type { Texts } from '#config/texts-config.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { createTurns } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Entry, Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { changedOverlay } from './change.ts';
import type { Limits } from './limits.ts';
import { contactlessWith } from './sets.ts';
import { fitted, overtaken, parseStored, toStored } from './stored.ts';
import { textsWith } from './texts.ts';
import {
  type ChangedBy,
  type Configured,
  isSettingsProblem,
  type LimitName,
  type Overlay,
  type SettingsView,
  type ShopSettings,
} from './types.ts';
import { viewOf } from './view.ts';

export interface ShopSettingsParts {
  readonly journal: Pick<Journal, 'append' | 'latestOwn'>;
  readonly configured: Configured;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

/**
 * Opens what the shop has changed. What can't be read leaves the configuration as it is: its limits
 * are the highest that there can be, and a journal that can't be read takes no payment anyway.
 */
export const openShopSettings = async (parts: ShopSettingsParts): Promise<ShopSettings> => {
  const { configured, journal, clock, log } = parts;
  const changes = new Subject<SettingsView>();
  const inTurn = createTurns();
  let now = await read(parts);
  if (now.unread !== undefined) {
    log.error({ problem: now.unread }, "the shop's limits and texts can't be read: as configured");
  }
  // As with the books: it may be readable again, and whoever asks next is told what came of it.
  const current = (): State => {
    if (now.unread !== undefined) void inTurn(readAgain);
    return now;
  };
  const readAgain = async (): Promise<void> => {
    if (now.unread === undefined) return;
    now = await read(parts);
    if (now.unread !== undefined) return;
    log.info({}, "the shop's limits and texts could be read again");
    changes.next(now.view);
  };
  const change = async (asked: unknown, by: ChangedBy) => {
    await readAgain();
    if (now.unread !== undefined) return now.unread;
    const overlay = changedOverlay(configured, now.overlay, asked);
    if (isSettingsProblem(overlay)) return overlay;
    const atMs = clock.wallMs();
    const data = toStored(overlay, configured, by);
    const refused = await journal.append({
      entries: [{ payment: null, event: EVENT, atMs, data }],
    });
    if (refused !== undefined) return refused;
    now = stateOf(configured, { overlay, changedBy: by.person, changedAtMs: atMs });
    log.info({ by: by.person, ...countsOf(overlay) }, 'limits and texts were changed');
    changes.next(now.view);
    return now.view;
  };
  return {
    view: () => current().view,
    change: (asked, by) => inTurn(() => change(asked, by)),
    contactless: () => current().contactless,
    texts: () => current().texts,
    changes$: changes.asObservable(),
  };
};

const EVENT = 'settings';

/** All that follows from the shop's changes, put together once. */
interface State {
  readonly overlay: Overlay;
  readonly contactless: ReaderConfiguration;
  readonly texts: Readonly<Record<string, Texts>>;
  readonly view: SettingsView;
  /** Why the journal could not be read. */
  readonly unread?: Fault;
}

interface Made {
  readonly overlay: Overlay;
  readonly changedBy?: string;
  readonly changedAtMs?: number;
  readonly lost?: readonly string[];
}

const NOTHING: Overlay = { limits: [], texts: [] };

const read = async ({ journal, configured, log }: ShopSettingsParts): Promise<State> => {
  const entry = await journal.latestOwn(EVENT);
  if (isFault(entry)) {
    const lost = [`Nothing that the shop changed counts: ${entry.detail}`];
    return { ...stateOf(configured, { overlay: NOTHING, lost }), unread: entry };
  }
  if (entry === undefined) return stateOf(configured, { overlay: NOTHING });
  const made = madeBy(configured, entry);
  if (made === undefined) {
    const why = `entry ${entry.sequence} of the journal is not as this version writes it`;
    log.error({ entry: entry.sequence }, `limits and texts are as configured: ${why}`);
    const lost = [`Nothing that the shop changed counts: ${why}`];
    return stateOf(configured, { overlay: NOTHING, lost });
  }
  const state = stateOf(configured, made);
  for (const what of state.view.notInForce)
    log.warn({ what }, 'what the shop changed does not fit');
  return state;
};

const madeBy = (configured: Configured, { data, atMs }: Entry): Made | undefined => {
  const stored = parseStored(data);
  if (stored === undefined) return undefined;
  return { ...fitted(configured, stored), changedBy: stored.by.person, changedAtMs: atMs };
};

const stateOf = (configured: Configured, { overlay, lost = [], ...made }: Made): State => {
  const contactless = contactlessWith(configured, limitsBySet(overlay));
  const texts = textsWith(configured, overlay.texts);
  const notInForce = [...lost, ...overtaken(configured, overlay)];
  const view = { ...viewOf(configured, overlay, { contactless, texts }), ...made, notInForce };
  return { overlay, contactless, texts, view };
};

const limitsBySet = ({ limits }: Overlay): ReadonlyMap<number, Limits> => {
  const bySet = new Map<number, Map<LimitName, number>>();
  for (const { set, name, minor } of limits) {
    const own = bySet.get(set) ?? new Map<LimitName, number>();
    bySet.set(set, own.set(name, minor));
  }
  return bySet;
};

const countsOf = ({ limits, texts }: Overlay) => ({ limits: limits.length, texts: texts.length });
