import type { TargetFile, Targets } from '@tufjs/models';
import * as v from 'valibot';
import type { FirmwareOffer, Offer, Target } from '#ports/trusted-source.ts';
import { Refused } from './place.ts';

const target = (folder: string) =>
  v.pipe(
    v.string(),
    v.maxLength(200),
    v.regex(new RegExp(`^${folder}/[A-Za-z0-9][A-Za-z0-9._+-]*$`), `a file in ${folder}/`),
  );

const schema = v.strictObject({
  release: v.optional(target('releases')),
  firmware: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^[\w .-]{1,64}$/, "a peripheral's name")),
        v.strictObject({
          target: target('firmware'),
          version: v.pipe(v.string(), v.regex(/^[\x21-\x7e][\x20-\x7e]{0,63}$/, 'a version')),
        }),
      ),
      v.maxEntries(32),
    ),
  ),
});

/** What a store or a channel chooses for one kind of machine, as it stands in its file. */
export type Pointer = v.InferOutput<typeof schema>;

/** The paths of pointers, the store's first: it goes before the channel's. */
export const pointersFor = (
  machine: string,
  channel: string,
  store: string | undefined,
): { readonly chosenBy: Offer['chosenBy']; readonly path: string }[] => [
  ...(store === undefined
    ? []
    : [{ chosenBy: 'store' as const, path: `stores/${store}/${machine}.json` }]),
  { chosenBy: 'channel', path: `channels/${channel}/${machine}.json` },
];

/** Reads a pointer that its holder has signed. Throws `Refused` of reason "content". */
export const parsePointer = (bytes: Uint8Array, path: string): Pointer => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refused('content', `${path} is signed, but no JSON: its holder has to mend it`);
  }
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [{ path: at, message }] = parsed.issues;
  const where = (at ?? []).map(({ key }) => String(key)).join('.');
  const detail = `${path}: ${where}: ${message.slice(0, 160)}: its holder has to mend it`;
  throw new Refused('content', detail);
};

/**
 * The offer of a pointer. Whoever signs one chooses among what the maker's own targets role has
 * signed, and for this kind of machine; no delegated role can add to it.
 */
export const offerOf = (
  pointer: Pointer,
  about: { readonly chosenBy: Offer['chosenBy']; readonly path: string; readonly machine: string },
  targets: Targets,
): Offer => {
  const { chosenBy, path, machine } = about;
  const { release, firmware = {} } = pointer;
  if (release !== undefined && !release.endsWith(`-${machine}.bundle`)) {
    throw new Refused('content', `${path} names ${release}, which is for no ${machine}`);
  }
  return {
    chosenBy,
    ...(release === undefined ? {} : { release: signedTarget(release, path, targets) }),
    firmware: Object.fromEntries(
      Object.entries(firmware).map(([name, wanted]): [string, FirmwareOffer] => [
        name,
        { target: signedTarget(wanted.target, path, targets), version: wanted.version },
      ]),
    ),
  };
};

/** A target of the top-level role, or undefined. */
export const topLevelTarget = (targets: Targets, path: string): TargetFile | undefined =>
  Object.hasOwn(targets.targets, path) ? targets.targets[path] : undefined;

const signedTarget = (path: string, pointer: string, targets: Targets): Target => {
  const found = topLevelTarget(targets, path);
  const sha256 = found?.hashes['sha256'];
  if (found === undefined || sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new Refused('content', `${pointer} names ${path}, for which the maker has not signed`);
  }
  return { path, bytes: found.length, sha256 };
};
