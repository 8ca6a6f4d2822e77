import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import type { FileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Paths from the project's folder, of everything below `folder` whose name matches. */
export const filesBelow = (folder: string, name: RegExp): string[] => {
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(ROOT, path)).sort()) {
      const below = join(path, entry);
      if (/^(node_modules|dist|var|coverage|\.git|\.node)$/.test(entry)) continue;
      if (lstatSync(join(ROOT, below)).isDirectory()) walk(below);
      else if (name.test(entry)) found.push(below);
    }
  };
  walk(folder);
  return found;
};

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Path and text of each file. */
export type Texts = Readonly<Record<string, string>>;

export const textsOf = (paths: readonly string[]): Texts =>
  Object.fromEntries(paths.map((path) => [path, textOf(path)]));

/**
 * Parses with the TypeScript compiler itself, each file alone: nothing is resolved or checked. The
 * compiler calls this interface unstable; the version is locked, and a change fails these tests.
 */
export const parse = <T>(texts: Texts, read: (file: SourceFile, path: string) => T): T[] => {
  const project = `/${projects++}`;
  for (const [path, text] of Object.entries(texts)) virtual.set(`${project}/${path}`, text);
  const config = {
    files: Object.keys(texts),
    compilerOptions: { noResolve: true, noLib: true, types: [], allowJs: true, jsx: 'preserve' },
  };
  virtual.set(`${project}/tsconfig.json`, JSON.stringify(config));
  compiler ??= new API({ cwd: '/', fs });
  const snapshot = compiler.updateSnapshot({ openProjects: [`${project}/tsconfig.json`] });
  const program = snapshot.getProject(`${project}/tsconfig.json`)?.program;
  return Object.keys(texts).map((path) => {
    const file = program?.getSourceFile(`${project}/${path}`);
    if (!file) throw new Error(`the compiler didn't read ${path}`);
    return read(file, path);
  });
};

/** Ends the compiler's process. */
export const endParsing = (): void => {
  compiler?.close();
  compiler = undefined;
};

// The compiler sees these files and no others.
const virtual = new Map<string, string>();
const fs: FileSystem = {
  readFile: (path) => virtual.get(path) ?? null,
  fileExists: (path) => virtual.has(path),
  directoryExists: (path) => [...virtual.keys()].some((file) => file.startsWith(`${path}/`)),
  getAccessibleEntries: () => ({ files: [], directories: [] }),
  realpath: (path) => path,
};
let compiler: API | undefined;
let projects = 0;

/** Every node below, parents before children. */
export const walk = (node: Node, visit: (node: Node) => void): void => {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
};

/** Line of a position, from 1. */
export const lineAt = (text: string, position: number): number =>
  text.slice(0, position).split('\n').length;
