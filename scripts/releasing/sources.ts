import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackedFile } from '#upkeep/index.ts';
import { keyOf, output, ReleaseProblem } from './work.ts';

/** The sources that a release is made of, and where they come from. */
export interface Sources {
  /** A folder with what git has of them, and nothing else. */
  readonly folder: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** When that was committed, in UTC, such as "2026-11-29T17:19:00Z". */
  readonly committedAt: string;
  /** Absent for a tree as it was committed; else 8 digits that name what differs. */
  readonly dirty?: string;
  readonly files: readonly SourceFile[];
}

interface SourceFile {
  readonly path: string;
  readonly mode: PackedFile['mode'];
}

/** What becomes the file that the launcher starts. */
export const START = 'scripts/releasing/start.sh';

/** What a build needs; the runtime gets less of it. */
const NEEDED = ['src', 'drivers', 'config', 'LICENSE', 'package.json', 'package-lock.json'];
const BUILD_FILES = ['.node-version', 'tsconfig.json', START];

/**
 * Takes the sources out of git into an empty folder: those of HEAD, or if `allowDirty` the tracked
 * files as they lie there. A file that git doesn't track never gets in.
 */
export const takeSources = async (
  root: string,
  folder: string,
  allowDirty: boolean,
): Promise<Sources> => {
  const changed = await git(root, 'status', '--porcelain', '--untracked-files=no');
  const isDirty = changed !== '';
  if (isDirty && !allowDirty) {
    throw new ReleaseProblem(
      `files aren't as they were committed; commit them, or release with --dirty:\n${changed}`,
    );
  }
  const [commit = '', committedAt = ''] = (
    await git(root, 'log', '-1', '--format=%H %cd', '--date=format-local:%Y-%m-%dT%H:%M:%SZ')
  )
    .trim()
    .split(' ');
  const files = await trackedFiles(root);
  const changes = isDirty ? await contentsKey(root, files) : undefined;
  if (isDirty) await copyFiles(root, files, folder);
  else await exportCommit(root, commit, folder);
  const dirty = changes === undefined ? {} : { dirty: changes.slice(0, 8) };
  return { folder, commit, committedAt, files, ...dirty };
};

/** Those of the sources that a terminal reads. The pages go in built, and no document does. */
export const runtimeSources = ({ folder, files }: Sources): Promise<PackedFile[]> =>
  Promise.all(
    files
      .filter(({ path }) => /^(src|drivers|config)\//.test(path) || path === 'LICENSE')
      .filter(({ path }) => !/\/page\/|\.md$|\/\./.test(path))
      .map(async ({ path, mode }) => ({ path, mode, bytes: await readFile(join(folder, path)) })),
  );

const trackedFiles = async (root: string): Promise<SourceFile[]> => {
  const listed = await git(root, 'ls-files', '--stage', '-z', '--', ...NEEDED, ...BUILD_FILES);
  return listed.split('\0').flatMap((line) => {
    const [, kind, path] = /^(\d+) \w+ 0\t(.*)$/s.exec(line) ?? [];
    if (kind === undefined || path === undefined) return [];
    // Removed, and not committed so.
    if (!existsSync(join(root, path))) return [];
    if (!/^100/.test(kind)) throw new ReleaseProblem(`${path} is no plain file`);
    return [{ path, mode: kind === '100755' ? 0o755 : 0o644 }];
  });
};

const exportCommit = async (root: string, commit: string, place: string): Promise<void> => {
  const archive = join(place, '.archive.tar');
  await git(root, 'archive', '-o', archive, commit, '--', ...NEEDED, ...BUILD_FILES);
  await output('tar', ['-xf', archive], { cwd: place });
};

const copyFiles = async (root: string, files: readonly SourceFile[], place: string) => {
  for (const { path } of files) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await copyFile(join(root, path), join(place, path));
  }
};

const contentsKey = async (root: string, files: readonly SourceFile[]): Promise<string> => {
  const contents = files.map(({ path }) => readFile(join(root, path)));
  return keyOf(...files.map(({ path }) => path), ...(await Promise.all(contents)));
};

// A checkout may belong to somebody else than the one who builds, as in a container.
const git = (root: string, ...words: readonly string[]): Promise<string> =>
  output('git', ['-c', 'safe.directory=*', '-c', 'core.quotePath=false', ...words], { cwd: root });
