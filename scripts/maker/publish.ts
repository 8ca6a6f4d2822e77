import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Metadata, MetadataKind, MetaFile, type Root, Snapshot, Timestamp } from '@tufjs/models';
import { SIGNED_AT } from '#drivers/tuf/seen.ts';
import type { SigningKey } from './keys.ts';
import { authoritiesOf, isSigned, parseAny, standingOf } from './signing.ts';
import {
  currentRoot,
  currentText,
  daysOf,
  delegatedRoles,
  dropPending,
  expiry,
  type Maker,
  pendingPath,
  pendingRoles,
  publishedRoot,
  publishedText,
  seconds,
  textOf,
  writeWhole,
} from './store.ts';
import { Trouble } from './trouble.ts';

/**
 * Makes all drafts public: they are checked first, all of them, and then written in the order in
 * which a client that comes meanwhile finds everything: root, targets, snapshot, timestamp.
 * @param keys with those of snapshot and timestamp among them
 */
export const publish = (maker: Maker, keys: readonly SigningKey[]): string[] => {
  const pending = pendingRoles(maker);
  const missing = pending.flatMap((role) => standingOf(maker, role).missing);
  if (missing.length > 0) throw new Trouble(missing.join('\n'));
  const unsigned = ['targets', ...delegatedRoles(maker)].filter(
    (role) => !isVouchedFor(maker, role),
  );
  if (unsigned.length > 0) {
    throw new Trouble(
      `${unsigned.join(', ')}: the keys that count have not signed it: sign it anew`,
    );
  }
  const ready = pending.map((role) => ({
    role,
    text: readFileSync(pendingPath(maker, role), 'utf8'),
  }));
  const snapshot = nextSnapshot(maker, keys);
  const timestamp = nextTimestamp(maker, snapshot.text, snapshot.version, keys);
  const told: string[] = [];
  // The root alone is published before what its keys sign.
  for (const { role, text } of ready.toSorted((a) => (a.role === 'root' ? -1 : 0))) {
    told.push(write(maker, role, text));
  }
  if (snapshot.isNew) told.push(write(maker, 'snapshot', snapshot.text));
  told.push(write(maker, 'timestamp', timestamp));
  for (const { role } of ready) dropPending(maker, role);
  return told;
};

/** A new timestamp, and a new snapshot when the old one ends before the next such refresh may. */
export const refresh = (maker: Maker, keys: readonly SigningKey[]): string[] => {
  const text = publishedText(maker, 'snapshot');
  if (text === undefined) throw new Trouble('nothing is published yet: use "publish"');
  if (pendingRoles(maker).length > 0) {
    // What is half signed must not become public by the way.
    const { signed } = JSON.parse(text);
    const timestamp = nextTimestamp(maker, text, signed.version, keys, publishedRoot(maker));
    return [write(maker, 'timestamp', timestamp)];
  }
  return publish(maker, keys);
};

const isVouchedFor = (maker: Maker, role: string): boolean => {
  const text = currentText(maker, role);
  const by = authoritiesOf(maker, role)[0];
  return text !== undefined && by !== undefined && isSigned(by, role, parseAny(text, role));
};

const nextSnapshot = (maker: Maker, keys: readonly SigningKey[]) => {
  const meta = Object.fromEntries(
    ['targets', ...delegatedRoles(maker)].map((role) => {
      const text = currentText(maker, role) ?? '';
      return [`${role}.json`, described(text, JSON.parse(text).signed.version)];
    }),
  );
  const days = daysOf(maker);
  const before = publishedText(maker, 'snapshot');
  const old = before && Metadata.fromJSON(MetadataKind.Snapshot, JSON.parse(before));
  const lastsMs = old ? Date.parse(old.signed.expires) - maker.now() : 0;
  const root = currentRoot(maker);
  if (before && old && lastsMs > 2 * days.timestamp * 24 * 3600 * 1000) {
    const isSame = isDeepStrictEqual(old.signed.meta, meta);
    if (isSame && vouches(root, old)) {
      return { text: before, version: old.signed.version, isNew: false };
    }
  }
  const version = (old ? old.signed.version : 0) + 1;
  const expires = expiry(maker, days.snapshot);
  const snapshot = new Metadata(
    new Snapshot({ version, specVersion: SPEC_VERSION, expires, meta }),
  );
  signWith(root, 'snapshot', snapshot, keys);
  return { text: textOf(snapshot.toJSON()), version, isNew: true };
};

const nextTimestamp = (
  maker: Maker,
  snapshot: string,
  version: number,
  keys: readonly SigningKey[],
  root = currentRoot(maker),
): string => {
  const before = publishedText(maker, 'timestamp');
  const timestamp = new Metadata(
    new Timestamp({
      version: before === undefined ? 1 : JSON.parse(before).signed.version + 1,
      specVersion: SPEC_VERSION,
      expires: expiry(maker, daysOf(maker).timestamp),
      snapshotMeta: described(snapshot, version),
      unrecognizedFields: { [SIGNED_AT]: seconds(maker.now()) },
    }),
  );
  signWith(root, 'timestamp', timestamp, keys);
  return textOf(timestamp.toJSON());
};

const SPEC_VERSION = '1.0.31';

const described = (text: string, version: number): MetaFile =>
  new MetaFile({
    version,
    length: Buffer.byteLength(text),
    hashes: { sha256: createHash('sha256').update(text).digest('hex') },
  });

const vouches = (root: Metadata<Root>, snapshot: Metadata<Snapshot>): boolean => {
  try {
    root.verifyDelegate('snapshot', snapshot);
    return true;
  } catch {
    return false;
  }
};

const signWith = (
  root: Metadata<Root>,
  role: 'snapshot' | 'timestamp',
  metadata: Metadata<Snapshot> | Metadata<Timestamp>,
  keys: readonly SigningKey[],
): void => {
  const { keyIDs = [], threshold = 1 } = root.signed.roles[role] ?? {};
  const own = keys.filter(({ id }) => keyIDs.includes(id));
  if (own.length < threshold) {
    throw new Trouble(`${role} needs ${threshold} of its keys, and ${own.length} are here: --keys`);
  }
  for (const { signer } of own) metadata.sign(signer);
};

const write = (maker: Maker, role: string, text: string): string => {
  const { version, expires } = JSON.parse(text).signed;
  const name = role === 'timestamp' ? 'timestamp.json' : `${version}.${role}.json`;
  writeWhole(join(maker.folder, 'metadata', name), text);
  return `${name}, until ${expires}`;
};
