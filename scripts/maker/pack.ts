import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack as tarPack } from 'tar-stream';
import { placeOfTarget } from '#drivers/tuf/download.ts';
import {
  currentTargets,
  delegatedRoles,
  type Maker,
  pendingRoles,
  publishedText,
} from './store.ts';
import { Trouble } from './trouble.ts';

/** Which releases go onto a stick; firmware and pointers always do. */
export interface Selection {
  readonly versions: readonly string[];
  readonly machines: readonly string[];
}

/** Puts what is public into a folder or, with a name that ends in .tar, into one file. */
export const pack = async (maker: Maker, to: string, selection: Selection): Promise<string[]> => {
  if (pendingRoles(maker).length > 0) throw new Trouble('there are drafts: publish them before');
  const files = filesFor(maker, selection);
  const absent = files.find((file) => !existsSync(join(maker.folder, file)));
  if (absent !== undefined) throw new Trouble(`${absent} isn't there: the repository is damaged`);
  if (to.endsWith('.tar')) await intoTar(maker.folder, files, to);
  else await intoFolder(maker.folder, files, to);
  return files;
};

// The timestamp last: a stick that is pulled out too early is an old stick or none.
const filesFor = (maker: Maker, selection: Selection): string[] => {
  const root = JSON.parse(publishedText(maker, 'root') ?? 'null');
  if (root === null) throw new Trouble('nothing is published yet');
  const roles = ['targets', ...delegatedRoles(maker)];
  const chosen = ({ versions, machines }: Selection, path: string): boolean => {
    const [, version = '', machine = ''] =
      /^releases\/countertap-([\d.]+)-(.+)\.bundle$/.exec(path) ?? [];
    if (version === '') return true;
    return (
      (versions.length === 0 || versions.includes(version)) &&
      (machines.length === 0 || machines.includes(machine))
    );
  };
  const targets = roles.flatMap((role) =>
    Object.values(currentTargets(maker, role).signed.targets)
      .filter(({ path }) => chosen(selection, path))
      .map((target) => placeOfTarget(target, true)),
  );
  const roots = Array.from({ length: root.signed.version }, (_, at) => `${at + 1}.root.json`);
  const versioned = [...roles, 'snapshot'].map(
    (role) => `${JSON.parse(publishedText(maker, role) ?? '').signed.version}.${role}.json`,
  );
  const metadata = [...roots, ...versioned, 'timestamp.json'].map((name) => `metadata/${name}`);
  return [...targets, ...metadata];
};

const intoFolder = async (from: string, files: readonly string[], to: string): Promise<void> => {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(from, file), `${join(to, file)}.new`);
    await rename(`${join(to, file)}.new`, join(to, file));
  }
};

const EPOCH = new Date(0);

// The same repository gives the same bytes; metadata go first, so that a look needn't read all.
const intoTar = async (from: string, files: readonly string[], to: string): Promise<void> => {
  const archive = tarPack();
  const writing = pipeline(archive, createWriteStream(`${to}.new`));
  const isTarget = (file: string): boolean => file.startsWith('targets/');
  for (const name of files.filter((file) => !isTarget(file))) {
    archive.entry({ name, mtime: EPOCH, mode: 0o644 }, await readFile(join(from, name)));
  }
  for (const name of files.filter(isTarget)) {
    const { size } = statSync(join(from, name));
    const entry = archive.entry({ name, size, mtime: EPOCH, mode: 0o644 });
    for await (const piece of createReadStream(join(from, name))) {
      if (!entry.write(piece)) await once(entry as never, 'drain');
    }
    entry.end(null);
  }
  archive.finalize();
  await writing;
  await rename(`${to}.new`, to);
};
