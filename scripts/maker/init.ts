import { makeKey, type PublicKey, publicKeyIn } from './keys.ts';
import {
  type Days,
  expiry,
  type Maker,
  pendingPath,
  textOf,
  writeSettings,
  writeWhole,
} from './store.ts';
import { Trouble } from './trouble.ts';

export const DEFAULT_DAYS: Days = {
  root: 730,
  targets: 365,
  delegated: 365,
  snapshot: 90,
  timestamp: 30,
};

export const TOP_LEVEL = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type TopLevelRole = (typeof TOP_LEVEL)[number];

export interface RolePlan {
  /** Files of keys that are there; others are made until there are `count`. */
  readonly given: readonly string[];
  readonly count: number;
  readonly threshold: number;
}

export interface InitPlan {
  readonly keys: string;
  readonly roles: Readonly<Record<TopLevelRole, RolePlan>>;
  readonly days?: Partial<Days>;
}

/** A new repository: root and empty targets as drafts, to be signed and published. */
export const init = (maker: Maker, plan: InitPlan): string[] => {
  for (const role of TOP_LEVEL) {
    const { count, threshold } = plan.roles[role];
    if (!(threshold >= 1 && threshold <= count)) {
      throw new Trouble(`${role}: ${threshold} of ${count} keys can't be: 1 up to all of them can`);
    }
  }
  const days = { ...DEFAULT_DAYS, ...plan.days };
  writeSettings(maker, days);
  const keys: Record<string, PublicKey['json']> = {};
  const roles: Record<string, { keyids: string[]; threshold: number }> = {};
  const told: string[] = [];
  for (const role of TOP_LEVEL) {
    const own = keysFor(plan, role);
    for (const { id, json } of own) keys[id] = json;
    const { threshold } = plan.roles[role];
    roles[role] = { keyids: own.map(({ id }) => id), threshold };
    told.push(`${role}: ${threshold} of ${own.length} keys, for ${days[role]} days`);
  }
  const about = { spec_version: '1.0.31', version: 1 };
  const root = { _type: 'root', ...about, expires: expiry(maker, days.root) };
  const rest = { keys, roles, consistent_snapshot: true };
  writePending(maker, 'root', { ...root, ...rest });
  const targets = { _type: 'targets', ...about, expires: expiry(maker, days.targets) };
  writePending(maker, 'targets', { ...targets, targets: {} });
  return told;
};

/** A draft that nobody has signed. */
export const writePending = (maker: Maker, role: string, signed: unknown): void =>
  writeWhole(pendingPath(maker, role), textOf({ signed, signatures: [] }));

const keysFor = (plan: InitPlan, role: TopLevelRole): PublicKey[] => {
  const { given, count } = plan.roles[role];
  const known = given.map(publicKeyIn);
  const made = Array.from({ length: Math.max(0, count - known.length) }, (_, at) =>
    makeKey(plan.keys, `${role}-${known.length + at + 1}`),
  );
  return [...known, ...made];
};
