import { MAGIC } from './bundle.ts';
import { sha256 } from './launcher.ts';
import type { Manifest, ManifestFile } from './manifest.ts';

/** A file of a release, as it is to lie in the slot. */
export interface PackedFile {
  readonly path: string;
  readonly mode: ManifestFile['mode'];
  readonly bytes: Uint8Array;
}

/**
 * A bundle of a release, not compressed: the same release gives the same bytes, whatever the order
 * of its files. Nothing is checked here: what is wrong in it, the installation refuses.
 */
export const packBundle = (
  about: Omit<Manifest, 'files' | 'format'>,
  files: readonly PackedFile[],
): Buffer => {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const listed = sorted.map(({ path, mode, bytes }) => ({
    path,
    size: bytes.length,
    mode,
    sha256: sha256(bytes),
  }));
  const { release, version, floor, machine } = about;
  const manifest = { format: 1, release, version, floor, machine, files: listed };
  const contents = sorted.map(({ bytes }) => bytes);
  return packRaw(Buffer.from(JSON.stringify(manifest)), contents);
};

/** A bundle with this manifest.json and these contents, whatever they are. */
export const packRaw = (manifest: Uint8Array, contents: readonly Uint8Array[]): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(manifest.length);
  return Buffer.concat([Buffer.from(MAGIC), size, manifest, ...contents]);
};
