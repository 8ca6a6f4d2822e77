import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metadata, MetadataKind } from '@tufjs/models';
import { placeOfTarget } from '#drivers/tuf/download.ts';
import { parsePointer, topLevelTarget } from '#drivers/tuf/pointer.ts';
import { authoritiesOf, isSigned, parseAny } from './signing.ts';
import {
  currentTargets,
  delegatedRoles,
  type Maker,
  pendingRoles,
  publishedText,
} from './store.ts';
import { digestOf } from './targets.ts';

export interface Verdict {
  /** What is wrong: clients would refuse it, or should. */
  readonly wrong: readonly string[];
  /** What is so, a line each. */
  readonly told: readonly string[];
}

const MONTH_MS = 30 * 24 * 3600 * 1000;

/** Reads a whole repository as a strict client would, every target included. */
export const verify = async (maker: Maker): Promise<Verdict> => {
  const roles = ['targets', ...delegatedRoles(maker)];
  const wrong = [...rootChain(maker)];
  const told: string[] = [];
  for (const role of ['root', ...roles, 'snapshot', 'timestamp']) {
    const text = publishedText(maker, role);
    if (text === undefined) {
      wrong.push(`${role}.json isn't published`);
      continue;
    }
    const { version, expires } = JSON.parse(text).signed;
    const leftMs = Date.parse(expires) - maker.now();
    if (leftMs <= 0) wrong.push(`${role}.json ended on ${expires}`);
    told.push(
      `${role} ${version}, until ${expires}${leftMs < MONTH_MS ? ' (within a month)' : ''}`,
    );
  }
  for (const role of roles) {
    wrong.push(...unsigned(maker, role), ...unlisted(maker, role));
    wrong.push(...(await brokenTargets(maker, role)));
  }
  wrong.push(...tooWide(maker), ...brokenPointers(maker));
  for (const role of pendingRoles(maker)) told.push(`${role} has a draft that isn't public`);
  return { wrong, told };
};

const rootChain = (maker: Maker): string[] => {
  const text = publishedText(maker, 'root');
  if (text === undefined) return [];
  const read = (version: number) => {
    const path = join(maker.folder, 'metadata', `${version}.root.json`);
    return Metadata.fromJSON(MetadataKind.Root, JSON.parse(readFileSync(path, 'utf8')));
  };
  try {
    const newest = JSON.parse(text).signed.version;
    for (let version = 1; version <= newest; version++) {
      const root = read(version);
      root.verifyDelegate('root', root);
      if (version > 1) read(version - 1).verifyDelegate('root', root);
    }
    return [];
  } catch (error) {
    return [`the chain of roots is broken: ${(error as Error).message}`];
  }
};

const unsigned = (maker: Maker, role: string): string[] => {
  const text = publishedText(maker, role);
  const by = authoritiesOf(maker, role)[0];
  const isGood = text !== undefined && by !== undefined && isSigned(by, role, parseAny(text, role));
  return isGood ? [] : [`${role}.json isn't signed by the keys that count`];
};

const unlisted = (maker: Maker, role: string): string[] => {
  const text = publishedText(maker, role);
  const snapshot = publishedText(maker, 'snapshot');
  if (text === undefined || snapshot === undefined) return [];
  const { signed } = Metadata.fromJSON(MetadataKind.Snapshot, JSON.parse(snapshot));
  try {
    signed.meta[`${role}.json`]?.verify(Buffer.from(text));
    return signed.meta[`${role}.json`] ? [] : [`the snapshot doesn't list ${role}.json`];
  } catch {
    return [`the snapshot lists another ${role}.json`];
  }
};

const brokenTargets = async (maker: Maker, role: string): Promise<string[]> => {
  const broken: string[] = [];
  for (const target of Object.values(currentTargets(maker, role).signed.targets)) {
    const file = join(maker.folder, placeOfTarget(target, true));
    if (!existsSync(file)) broken.push(`${target.path} isn't there`);
    else if ((await digestOf(file)) !== target.hashes['sha256']) {
      broken.push(`${target.path} has other contents than were signed`);
    }
  }
  return broken;
};

// Whoever holds a channel's or a store's key chooses, and supplies nothing.
const tooWide = (maker: Maker): string[] =>
  Object.values(currentTargets(maker).signed.delegations?.roles ?? {}).flatMap(({ name, paths }) =>
    paths?.every((path) => /^(?:channels|stores)\/[a-z0-9-]+\/\*\.json$/.test(path))
      ? []
      : [`${name} may sign for more than its own pointers`],
  );

const brokenPointers = (maker: Maker): string[] => {
  const signed = currentTargets(maker).signed;
  return delegatedRoles(maker).flatMap((role) =>
    Object.values(currentTargets(maker, role).signed.targets).flatMap((target) => {
      const file = join(maker.folder, placeOfTarget(target, true));
      if (!existsSync(file)) return [];
      try {
        const { release, firmware = {} } = parsePointer(readFileSync(file), target.path);
        const named = [release, ...Object.values(firmware).map((wanted) => wanted.target)];
        return named
          .filter((path) => path !== undefined && !topLevelTarget(signed, path))
          .map((path) => `${target.path} names ${path}, which isn't there`);
      } catch (error) {
        return [(error as Error).message];
      }
    }),
  );
};
