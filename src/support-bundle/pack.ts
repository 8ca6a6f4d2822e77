import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { Encrypter } from 'age-encryption';
import { pack } from 'tar-stream';
import { leakIn } from './leaks.ts';

/** A file that is to go into the bundle. */
export interface Part {
  /** Its path in the bundle. */
  readonly path: string;
  readonly text: string;
  /** See leakIn. */
  readonly except?: ReadonlySet<string>;
}

/** One that could not be had, or that was left out. */
export interface LeftOut {
  readonly path: string;
  readonly why: string;
}

/** What each collector gives: files, and what it couldn't have and why. */
export interface Collected {
  readonly parts: readonly Part[];
  readonly missing?: readonly LeftOut[];
}

export interface Bundle {
  readonly bytes: Uint8Array;
  readonly leftOut: readonly LeftOut[];
  readonly files: readonly string[];
}

export interface BundleOptions {
  /** The name of the folder that everything lies in. */
  readonly name: string;
  readonly madeMs: number;
  /** An age recipient, "age1…": only who has its identity can read the bundle. */
  readonly recipient?: string | undefined;
}

/**
 * A tar.gz of all parts in which nothing looks like account data or a key, and of a list of what is
 * in it and what was left out; encrypted by age where there is somebody to encrypt it to.
 * @throws what the library says of a recipient that is none: nothing goes out in plain then
 */
export const packed = async (
  parts: readonly Part[],
  missing: readonly LeftOut[],
  options: BundleOptions,
): Promise<Bundle> => {
  const looked = parts.map((part) => ({ part, leak: leakIn(part.text, part) }));
  const good = looked.flatMap(({ part, leak }) => (leak === undefined ? [part] : []));
  const leftOut = [
    ...missing.map(discreet),
    ...looked.flatMap(({ part: { path }, leak }) =>
      leak === undefined ? [] : [{ path, why: `line ${leak.line} looks like: ${leak.what}` }],
    ),
  ];
  const list: Part = { path: 'list.json', text: listOf(good, leftOut, options) };
  const plain = await archive([list, ...good], options);
  const bytes = options.recipient === undefined ? plain : await sealed(plain, options.recipient);
  return { bytes, leftOut, files: good.map(({ path }) => path) };
};

// What somebody typed may stand in the reason; the list itself is not looked at again.
const discreet = ({ path, why }: LeftOut): LeftOut =>
  leakIn(`${path}\n${why}`) === undefined ? { path, why } : { path: 'replay', why: 'not told' };

const listOf = (
  parts: readonly Part[],
  leftOut: readonly LeftOut[],
  { madeMs }: BundleOptions,
): string => {
  const files = parts.map(({ path, text }) => ({
    path,
    bytes: Buffer.byteLength(text),
    // In groups, so that nothing takes it for a key.
    sha256: createHash('sha256')
      .update(text)
      .digest('hex')
      .replaceAll(/.{8}(?=.)/g, '$& '),
  }));
  return `${JSON.stringify({ made: new Date(madeMs).toISOString(), files, leftOut }, null, 2)}\n`;
};

const archive = async (
  parts: readonly Part[],
  { name, madeMs }: BundleOptions,
): Promise<Uint8Array> => {
  const tar = pack();
  const bytes = buffer(tar.pipe(createGzip({ level: 9 })));
  for (const { path, text } of parts) {
    tar.entry({ name: `${name}/${path}`, mode: 0o600, mtime: new Date(madeMs) }, text);
  }
  tar.finalize();
  return bytes;
};

const sealed = async (bytes: Uint8Array, recipient: string): Promise<Uint8Array> => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
};
