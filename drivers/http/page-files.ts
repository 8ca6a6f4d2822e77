import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { PageFile, PageFiles } from '#ports/page-files.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Holds a built page in memory, from the first `refresh` on. A request is looked up by name and
 * never reaches the file system, so no path leads out of the folder.
 */
export const pageFiles = (folder: string): PageFiles => {
  let files: ReadonlyMap<string, PageFile> = new Map();
  return {
    at: (path) => files.get(path === '/' ? '/index.html' : path),
    version: () => versionOf(files),
    refresh: async () => {
      if (!files.has('/index.html')) files = await readPage(folder);
    },
  };
};

const readPage = async (folder: string): Promise<ReadonlyMap<string, PageFile>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    const body = await readFile(path).catch(() => undefined);
    if (body) files.set(name, { body, contentType, cacheControl: cacheControlOf(name) });
  }
  return files;
};

const cacheControlOf = (name: string): string =>
  name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

// index.html names every asset by its content's hash, so its own hash stands for the whole page.
const versionOf = (files: ReadonlyMap<string, PageFile>): string | undefined => {
  const index = files.get('/index.html');
  return index && createHash('sha256').update(index.body).digest('hex').slice(0, 16);
};
