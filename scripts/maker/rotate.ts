import { delegationsOf } from './delegations.ts';
import { TOP_LEVEL } from './init.ts';
import type { PublicKey } from './keys.ts';
import { authoritiesOf, isSigned, parseAny } from './signing.ts';
import { currentText, draft, type Maker, type SignedJson } from './store.ts';
import { Trouble } from './trouble.ts';

export interface Rotation {
  readonly role: string;
  readonly out?: PublicKey;
  readonly into?: PublicKey;
  readonly threshold?: number;
}

interface Holders {
  keyids: string[];
  threshold: number;
}

/**
 * Takes a key out of a role, puts one in, or changes how many are needed. Keys of the four
 * top-level roles stand in root.json, those of channels and stores in targets.json. Returns the
 * roles that have to be signed for it.
 */
export const rotate = (maker: Maker, rotation: Rotation): string[] => {
  const { role } = rotation;
  const isTop = (TOP_LEVEL as readonly string[]).includes(role);
  const changed = isTop ? 'root' : 'targets';
  draft(maker, changed, changed, (signed) => {
    const { holders, keys } = isTop ? inRoot(signed, role) : inDelegations(signed, role);
    exchange(holders, keys, rotation);
    prune(signed, keys);
  });
  const again = resigned(maker, role);
  return again === undefined ? [changed] : [changed, again];
};

type Keys = Record<string, unknown>;

const inRoot = (signed: SignedJson, role: string): { holders: Holders; keys: Keys } => {
  const holders = (signed['roles'] as Record<string, Holders>)[role];
  if (!holders) throw new Trouble(`there is no role ${role}`);
  return { holders, keys: signed['keys'] as Keys };
};

const inDelegations = (signed: SignedJson, role: string): { holders: Holders; keys: Keys } => {
  const { roles, keys } = delegationsOf(signed);
  const holders = roles.find(({ name }) => name === role);
  if (!holders) throw new Trouble(`there is no role ${role}`);
  return { holders, keys };
};

const exchange = (holders: Holders, keys: Keys, rotation: Rotation): void => {
  const { role, out, into, threshold = holders.threshold } = rotation;
  if (out) {
    if (!holders.keyids.includes(out.id)) throw new Trouble(`${role} has no such key`);
    holders.keyids = holders.keyids.filter((id) => id !== out.id);
  }
  if (into) {
    if (holders.keyids.includes(into.id)) throw new Trouble(`${role} has that key already`);
    holders.keyids.push(into.id);
    keys[into.id] = into.json;
  }
  if (!(threshold >= 1 && threshold <= holders.keyids.length)) {
    throw new Trouble(`${role}: ${threshold} of ${holders.keyids.length} keys can't be`);
  }
  holders.threshold = threshold;
};

// A key that no role has any more.
const prune = (signed: SignedJson, keys: Keys): void => {
  const roles =
    signed._type === 'root'
      ? Object.values(signed['roles'] as Record<string, Holders>)
      : delegationsOf(signed).roles;
  const used = new Set(roles.flatMap(({ keyids }) => keyids));
  for (const id of Object.keys(keys)) if (!used.has(id)) delete keys[id];
};

// Metadata of a role whose remaining keys haven't signed enough: the same once more, to be signed.
const resigned = (maker: Maker, role: string): string | undefined => {
  if (role === 'root' || role === 'snapshot' || role === 'timestamp') return undefined;
  const text = currentText(maker, role);
  const by = authoritiesOf(maker, role)[0];
  if (text === undefined || by === undefined) return undefined;
  if (isSigned(by, role, parseAny(text, role))) return undefined;
  draft(maker, role, role === 'targets' ? 'targets' : 'delegated', () => undefined);
  return role;
};
