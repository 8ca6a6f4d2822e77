import { type Decision, isDecided } from './decision.ts';
import { hoursMeet } from './hours.ts';
import { supersessions } from './in-force.ts';
import { sameScope } from './scope.ts';

/**
 * A decision that says the opposite about exactly the same scope, for a time that overlaps: two
 * such are a misunderstanding between people. Either one supersedes the other, or their times keep
 * apart. Scopes that merely overlap are no contradiction: the narrower wins.
 * @param among those that count or are planned; proposals count once they are approved
 */
export const contradiction = (
  decision: Decision,
  among: readonly Decision[],
  nowMs: number,
): Decision | undefined => {
  const ends = supersessions([...among.filter(({ id }) => id !== decision.id), settled(decision)]);
  return among.find(
    (other) =>
      other.id !== decision.id &&
      other.action !== decision.action &&
      isDecided(other) &&
      sameScope(other.scope, decision.scope) &&
      spansMeet(spanOf(other, ends, nowMs), spanOf(decision, ends, nowMs)) &&
      hoursMeet(other.hours, decision.hours),
  );
};

type Span = readonly [from: number, until: number];

// As if approved: what it supersedes must not stand in its way.
const settled = (decision: Decision): Decision => ({ ...decision, approval: 'notNeeded' });

const spanOf = (decision: Decision, ends: ReadonlyMap<string, number>, nowMs: number): Span => [
  Math.max(decision.fromMs ?? nowMs, nowMs),
  Math.min(decision.untilMs ?? FOREVER, ends.get(decision.id) ?? FOREVER),
];

const FOREVER = Number.POSITIVE_INFINITY;

const spansMeet = ([from, until]: Span, [otherFrom, otherUntil]: Span): boolean =>
  Math.max(from, otherFrom) < Math.min(until, otherUntil);
