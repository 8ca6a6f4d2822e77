import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { isRefusal, type PackedFile, packBundle, parseManifest } from '#upkeep/index.ts';
import { buildRelease } from '../../scripts/releasing/index.ts';
import { machineHere } from '../../src/cli/updates/slots-here.ts';

/** What becomes of a file of the release: its new text. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

export interface Releases {
  /** The release of this checkout. */
  readonly first: string;
  /** The same under another version, with some files changed; resolves to the bundle's path. */
  derive(version: string, changes?: Changes): Promise<string>;
  /** The same once more, with the Node of this process: a third of the size. */
  deriveSmall(version: string, changes: Changes): Promise<string>;
}

/** One real release, version 1.0.0, and others that are it but for what is said. */
export const makeReleases = async (folder: string): Promise<Releases> => {
  const machine = machineHere();
  if (machine === undefined) throw new Error(`no release is made for ${process.arch}`);
  const { bundle } = await buildRelease({
    ...{ machine, to: folder, version: '1.0.0', allowDirty: true, quick: true },
  });
  const { about, files } = unpacked(zstdDecompressSync(await readFile(bundle)));
  const derive = async (version: string, changes: Changes = {}): Promise<string> => {
    const missing = new Set(Object.keys(changes));
    const changed = files.map((file): PackedFile => {
      const change = file.path === 'package.json' ? renumber(version) : changes[file.path];
      if (change === undefined) return file;
      missing.delete(file.path);
      const text = `${Buffer.from(file.bytes)}`;
      const after = change(text);
      if (after === text) throw new Error(`${file.path} is what it was`);
      return { ...file, bytes: Buffer.from(after) };
    });
    if (missing.size > 0) throw new Error(`the release has no ${[...missing].join(', ')}`);
    const name = `countertap-${version}`;
    const packed = packBundle({ ...about, release: name, version }, changed);
    const path = join(folder, `${name}-${machine}.bundle`);
    const params = { [constants.ZSTD_c_compressionLevel]: 1 };
    await writeFile(path, zstdCompressSync(packed, { params }));
    return path;
  };
  const thisNode = () => `#!/bin/sh\nexec '${process.execPath}' "$@"\n`;
  const deriveSmall = (version: string, changes: Changes) =>
    derive(version, { ...changes, 'node/bin/node': thisNode });
  return { first: bundle, derive, deriveSmall };
};

const renumber = (version: string) => (text: string) =>
  text.replace('"version": "1.0.0"', `"version": "${version}"`);

// As docs/releases-in-two-slots.md has it: a line of 20 bytes, a length, the manifest, the files.
const unpacked = (bundle: Buffer) => {
  const size = bundle.readUInt32BE(20);
  const manifest = parseManifest(bundle.subarray(24, 24 + size));
  if (isRefusal(manifest)) throw new Error(manifest.detail);
  let at = 24 + size;
  const files = manifest.files.map(({ path, mode, size: length }): PackedFile => {
    const bytes = bundle.subarray(at, at + length);
    at += length;
    return { path, mode, bytes };
  });
  return { about: manifest, files };
};
