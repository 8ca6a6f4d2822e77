import { type Decision, isDecided, isProposed } from './decision.ts';
import { covers, nextEdge, type WallTime, wallTime } from './hours.ts';
import { type Moment, remembering } from './zone.ts';

/**
 * The decisions that count at this moment: approved where that is needed, begun, not over, not
 * superseded, and within their hours.
 */
export const inForce = (decisions: readonly Decision[], { wallMs, zone }: Moment): Decision[] => {
  const ends = supersessions(decisions);
  let wall: WallTime | undefined;
  return decisions.filter((decision) => {
    if (!isDecided(decision) || !isWithin(decision, wallMs)) return false;
    if ((ends.get(decision.id) ?? FOREVER) <= wallMs) return false;
    if (decision.hours === undefined) return true;
    wall ??= wallTime(zone.localMs(wallMs));
    return covers(decision.hours, wall);
  });
};

/**
 * The next instant at which `inForce` changes by itself, for a timer; undefined for never. Between
 * now and then nothing changes but by a new decision or a clock that is set.
 */
export const nextChange = (decisions: readonly Decision[], moment: Moment): number | undefined => {
  const before = idsOf(inForce(decisions, moment));
  const ends = supersessions(decisions);
  const alive = decisions.filter(isDecided);
  const zone = remembering(moment.zone);
  let at: number | undefined = moment.wallMs;
  while (at !== undefined) {
    at = nextCandidate(alive, ends, { wallMs: at, zone });
    // A beginning outside its hours, or an end, changes nothing: look on from there.
    const then = at === undefined ? before : idsOf(inForce(decisions, { ...moment, wallMs: at }));
    if (then !== before) return at;
  }
  return undefined;
};

/**
 * When each superseded decision ends for good: the superseding one's beginning, -Infinity when
 * that is at once. One that was itself superseded before it began ends nothing.
 */
export const supersessions = (decisions: readonly Decision[]): ReadonlyMap<string, number> => {
  const ends = new Map<string, number>();
  // When it happened by the clock: only to tell whether a planned beginning was called off.
  const calledOff = new Map<string, number>();
  // What supersedes a decision stands behind it in the register.
  const latestFirst = decisions
    .filter(({ supersedes }) => supersedes.length > 0)
    .sort((a, b) => b.number - a.number);
  for (const decision of latestFirst) {
    const { id, fromMs, supersedes } = decision;
    const off = calledOff.get(id) ?? FOREVER;
    if (!isDecided(decision) || (fromMs !== undefined && off <= fromMs)) continue;
    const beginMs = Math.max(fromMs ?? 0, decidedMs(decision));
    for (const superseded of supersedes) {
      lower(ends, superseded, fromMs ?? Number.NEGATIVE_INFINITY);
      lower(calledOff, superseded, beginMs);
    }
  }
  return ends;
};

/** What a person calls its state. */
export const stateOf = (
  decision: Decision,
  decisions: readonly Decision[],
  { wallMs, zone }: Moment,
):
  | 'set aside'
  | 'proposed'
  | 'superseded'
  | 'over'
  | 'planned'
  | 'in force'
  | 'outside its hours' => {
  if (decision.setAside !== undefined) return 'set aside';
  const end = supersessions(decisions).get(decision.id);
  if (end !== undefined && end <= wallMs) return 'superseded';
  if (decision.untilMs !== undefined && decision.untilMs <= wallMs) return 'over';
  if (isProposed(decision)) return 'proposed';
  if (decision.fromMs !== undefined && wallMs < decision.fromMs) return 'planned';
  const { hours } = decision;
  return hours === undefined || covers(hours, wallTime(zone.localMs(wallMs)))
    ? 'in force'
    : 'outside its hours';
};

/** When a decision was made, or agreed to where that was needed. */
export const decidedMs = ({ approved, madeMs }: Decision): number => approved?.atMs ?? madeMs;

const FOREVER = Number.POSITIVE_INFINITY;

// "At once" does not ask the clock: one that was set back must not undo a decision.
const isWithin = ({ fromMs, untilMs }: Decision, wallMs: number): boolean =>
  (fromMs === undefined || fromMs <= wallMs) && (untilMs === undefined || wallMs < untilMs);

const nextCandidate = (
  decisions: readonly Decision[],
  ends: ReadonlyMap<string, number>,
  { wallMs, zone }: Moment,
): number | undefined => {
  let next = FOREVER;
  for (const { id, fromMs, untilMs, hours } of decisions) {
    const end = Math.min(untilMs ?? FOREVER, ends.get(id) ?? FOREVER);
    if (end <= wallMs) continue;
    const candidates: (number | undefined)[] = [fromMs, end];
    const begun = fromMs === undefined || fromMs <= wallMs;
    if (hours !== undefined && begun) candidates.push(nextEdge(hours, wallMs, zone));
    for (const at of candidates) {
      if (at !== undefined && at > wallMs && at < next) next = at;
    }
  }
  return Number.isFinite(next) ? next : undefined;
};

const idsOf = (decisions: readonly Decision[]): string =>
  decisions
    .map(({ id }) => id)
    .sort()
    .join('\n');

const lower = (map: Map<string, number>, key: string, value: number): void => {
  map.set(key, Math.min(map.get(key) ?? FOREVER, value));
};
