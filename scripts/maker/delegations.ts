import { writePending } from './init.ts';
import type { PublicKey } from './keys.ts';
import { currentTargets, daysOf, draft, expiry, type Maker, type SignedJson } from './store.ts';
import { Trouble } from './trouble.ts';

export type Kind = 'channel' | 'store';

interface DelegationsJson {
  keys: Record<string, unknown>;
  roles: RoleJson[];
}
interface RoleJson {
  name: string;
  keyids: string[];
  threshold: number;
  terminating: boolean;
  paths: string[];
}

/** What a role of this kind is called, and the folder that it may write pointers for. */
export const roleOf = (kind: Kind, name: string): { role: string; folder: string } => {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new Trouble(`"${name}" can't be a ${kind}: small letters, digits and hyphens`);
  }
  return { role: `${kind}-${name}`, folder: `${kind}s/${name}` };
};

/**
 * Delegates one folder of pointers, and no more, to these keys. The new role has no pointer yet;
 * the maker signs the delegation, and the keys' holder the role.
 */
export const createDelegation = (
  maker: Maker,
  kind: Kind,
  name: string,
  keys: readonly PublicKey[],
  threshold: number,
): string => {
  const { role, folder } = roleOf(kind, name);
  if (!(threshold >= 1 && threshold <= keys.length)) {
    throw new Trouble(`${role}: ${threshold} of ${keys.length} keys can't be`);
  }
  if (currentTargets(maker).signed.delegations?.roles?.[role]) {
    throw new Trouble(`${role} is there already`);
  }
  draft(maker, 'targets', 'targets', (signed) => {
    const delegations = delegationsOf(signed);
    for (const { id, json } of keys) delegations.keys[id] = json;
    delegations.roles.push({
      name: role,
      keyids: keys.map(({ id }) => id),
      threshold,
      terminating: true,
      paths: [`${folder}/*.json`],
    });
  });
  const expires = expiry(maker, daysOf(maker).delegated);
  const about = { _type: 'targets', spec_version: '1.0.31', version: 1, expires };
  writePending(maker, role, { ...about, targets: {} });
  return role;
};

/** The delegations of a draft, to be changed in place. */
export const delegationsOf = (signed: SignedJson): DelegationsJson => {
  signed['delegations'] ??= { keys: {}, roles: [] };
  return signed['delegations'] as DelegationsJson;
};
