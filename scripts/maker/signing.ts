import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Key, Metadata, MetadataKind, type Root, type Targets } from '@tufjs/models';
import type { SigningKey } from './keys.ts';
import {
  currentRoot,
  currentTargets,
  type Maker,
  pendingPath,
  publishedRoot,
  textOf,
  writeWhole,
} from './store.ts';
import { Trouble } from './trouble.ts';

/** Whose word a role needs: its keys, and how many of them. */
export interface Authority {
  /** Such as "the root before" or "the maker's targets". */
  readonly name: string;
  readonly keyIds: readonly string[];
  readonly threshold: number;
  readonly metadata: Metadata<Root> | Metadata<Targets>;
}

export interface Standing {
  readonly role: string;
  readonly version: number;
  /** What is missing, a sentence each; empty when it can be published. */
  readonly missing: readonly string[];
}

/** Who has to sign a role. A new root is signed by the old one's keys as well as by its own. */
export const authoritiesOf = (maker: Maker, role: string): Authority[] => {
  if (role === 'root') {
    const before = publishedRoot(maker);
    const own = authority(currentRoot(maker), role, 'the new root');
    return before ? [authority(before, role, 'the root before'), own] : [own];
  }
  if (role === 'targets' || role === 'snapshot' || role === 'timestamp') {
    return [authority(currentRoot(maker), role, 'root')];
  }
  return [authority(currentTargets(maker), role, 'targets')];
};

/** Adds the signatures of those keys that count for this role. Says what is still missing. */
export const sign = (maker: Maker, role: string, keys: readonly SigningKey[]): Standing => {
  const counting = new Set(authoritiesOf(maker, role).flatMap(({ keyIds }) => keyIds));
  signFile(
    pendingPath(maker, role),
    keys.filter(({ id }) => counting.has(id)),
  );
  return standingOf(maker, role);
};

/** Signs a draft that was carried away from its repository, with these keys, whosever they are. */
export const signFile = (path: string, keys: readonly SigningKey[]): Metadata<Root | Targets> => {
  if (!existsSync(path)) throw new Trouble(`${path} isn't there: there is nothing to sign`);
  const metadata = parseAny(readFileSync(path, 'utf8'), basename(path));
  for (const { signer } of keys) metadata.sign(signer);
  writeWhole(path, textOf(metadata.toJSON()));
  return metadata;
};

/** How far a draft's signatures go. */
export const standingOf = (maker: Maker, role: string): Standing => {
  const path = pendingPath(maker, role);
  const metadata = parseAny(readFileSync(path, 'utf8'), role);
  const missing = authoritiesOf(maker, role).flatMap(
    ({ name, keyIds, threshold, metadata: by }) => {
      const have = keyIds.filter((id) => hasSigned(keyOf(by, id), metadata)).length;
      if (have >= threshold) return [];
      return [`${role}.json has ${have} of ${threshold} signatures that ${name} asks for`];
    },
  );
  return { role, version: metadata.signed.version, missing };
};

/** Whether metadata are signed as an authority has it. */
export const isSigned = (
  by: Authority,
  role: string,
  metadata: Metadata<Root | Targets>,
): boolean => {
  try {
    by.metadata.verifyDelegate(role, metadata);
    return true;
  } catch {
    return false;
  }
};

/** Reads metadata of whatever role they say that they are. */
export const parseAny = (text: string, what: string): Metadata<Root | Targets> => {
  try {
    const json = JSON.parse(text);
    return json.signed._type === 'root'
      ? Metadata.fromJSON(MetadataKind.Root, json)
      : Metadata.fromJSON(MetadataKind.Targets, json);
  } catch (error) {
    throw new Trouble(`${what} can't be read: ${(error as Error).message}`);
  }
};

const authority = (
  by: Metadata<Root> | Metadata<Targets>,
  role: string,
  name: string,
): Authority => {
  const { signed } = by;
  const found = signed.type === 'root' ? signed.roles[role] : signed.delegations?.roles?.[role];
  if (!found) throw new Trouble(`there is no role ${role}`);
  return { name, keyIds: found.keyIDs, threshold: found.threshold, metadata: by };
};

const keyOf = ({ signed }: Metadata<Root> | Metadata<Targets>, id: string): Key | undefined =>
  signed.type === 'root' ? signed.keys[id] : signed.delegations?.keys[id];

const hasSigned = (key: Key | undefined, metadata: Metadata<Root | Targets>): boolean => {
  try {
    key?.verifySignature(metadata);
    return key !== undefined;
  } catch {
    return false;
  }
};
