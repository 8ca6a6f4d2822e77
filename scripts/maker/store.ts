import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Metadata, MetadataKind, type Root, type Targets } from '@tufjs/models';
import * as v from 'valibot';
import { Trouble } from './trouble.ts';

const days = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650));
const settingsSchema = v.strictObject({
  format: v.literal(1),
  days: v.strictObject({
    root: days,
    targets: days,
    delegated: days,
    snapshot: days,
    timestamp: days,
  }),
});

/** How long a signature lasts, in days, by role; `delegated` is for channels and stores. */
export type Days = v.InferOutput<typeof settingsSchema>['days'];
export type Lasting = keyof Days;

/** A repository on the maker's disk, and the time that its signatures are made at. */
export interface Maker {
  readonly folder: string;
  readonly now: () => number;
}

/** The plain form of metadata's signed part that drafts are changed in. */
export interface SignedJson {
  _type: string;
  version: number;
  expires: string;
  [field: string]: unknown;
}

export const writeSettings = ({ folder }: Maker, lasting: Days): void => {
  const path = join(folder, 'repository.json');
  if (existsSync(path)) throw new Trouble(`${folder} is a repository already`);
  mkdirSync(folder, { recursive: true });
  writeWhole(path, `${JSON.stringify({ format: 1, days: lasting }, null, 2)}\n`);
};

export const daysOf = ({ folder }: Maker): Days => {
  const path = join(folder, 'repository.json');
  if (!existsSync(path)) throw new Trouble(`${folder} is no repository: make one with "init"`);
  const parsed = v.safeParse(settingsSchema, JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Trouble(`${path}: ${parsed.issues[0].message}`);
  return parsed.output.days;
};

/** Roles whose metadata wait for signatures, or to be published. */
export const pendingRoles = ({ folder }: Maker): string[] =>
  namesIn(join(folder, 'pending')).map((name) => name.replace(/\.json$/, ''));

export const pendingPath = ({ folder }: Maker, role: string): string =>
  join(folder, 'pending', `${role}.json`);

/** The version that clients get, or undefined. */
export const publishedText = ({ folder }: Maker, role: string): string | undefined => {
  const name = role === 'timestamp' ? 'timestamp.json' : newest(folder, role);
  if (name === undefined) return undefined;
  const path = join(folder, 'metadata', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

export const publishedRoot = (maker: Maker): Metadata<Root> | undefined => {
  const text = publishedText(maker, 'root');
  return text === undefined ? undefined : Metadata.fromJSON(MetadataKind.Root, JSON.parse(text));
};

/** The draft where there is one, else what is published. */
export const currentText = (maker: Maker, role: string): string | undefined => {
  const path = pendingPath(maker, role);
  return existsSync(path) ? readFileSync(path, 'utf8') : publishedText(maker, role);
};

export const currentRoot = (maker: Maker): Metadata<Root> =>
  Metadata.fromJSON(MetadataKind.Root, JSON.parse(needed(maker, 'root')));

export const currentTargets = (maker: Maker, role = 'targets'): Metadata<Targets> =>
  Metadata.fromJSON(MetadataKind.Targets, JSON.parse(needed(maker, role)));

/** Roles that the top-level targets delegate to. */
export const delegatedRoles = (maker: Maker): string[] =>
  Object.keys(currentTargets(maker).signed.delegations?.roles ?? {});

/**
 * Changes a role's draft, made of what is published where there is none. Its version is one above
 * the published one, its end is counted from now, and whoever has signed it has to sign anew.
 */
export const draft = (
  maker: Maker,
  role: string,
  lasting: Lasting,
  change: (signed: SignedJson) => void,
): void => {
  const published = publishedText(maker, role);
  const signed: SignedJson = JSON.parse(needed(maker, role)).signed;
  change(signed);
  signed.version = published === undefined ? 1 : JSON.parse(published).signed.version + 1;
  signed.expires = expiry(maker, daysOf(maker)[lasting]);
  writeWhole(pendingPath(maker, role), textOf({ signed, signatures: [] }));
};

/** Seconds are the smallest that TUF has. */
export const expiry = ({ now }: Maker, lasting: number): string =>
  seconds(now() + lasting * 24 * 3600 * 1000);

export const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export const textOf = (metadata: unknown): string => `${JSON.stringify(metadata, null, 1)}\n`;

/** Old or new after a power cut, and durable. */
export const writeWhole = (path: string, text: string | Uint8Array): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  sync(`${path}.new`);
  renameSync(`${path}.new`, path);
  sync(dirname(path));
};

const sync = (path: string): void => {
  const opened = openSync(path, 'r');
  fsyncSync(opened);
  closeSync(opened);
};

export const dropPending = (maker: Maker, role: string): void =>
  rmSync(pendingPath(maker, role), { force: true });

const needed = (maker: Maker, role: string): string => {
  const text = currentText(maker, role);
  if (text === undefined) throw new Trouble(`${maker.folder} has no ${role}.json`);
  return text;
};

const newest = (folder: string, role: string): string | undefined =>
  namesIn(join(folder, 'metadata'))
    .filter((name) => name.replace(/^\d+\./, '') === `${role}.json` && /^\d/.test(name))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .at(-1);

const namesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : [];
