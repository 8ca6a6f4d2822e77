import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { watchFiles } from './watch-files.ts';

/** Whose client certificates are taken: a file of the shop's, looked after while we listen. */
export interface ClientAuthority {
  /** PEM. */
  current(): string;
  close(): void;
}

/** A Fault where the file can't be used at the start; later, the one before stays. */
export const keepClientAuthority = async (
  path: string,
  { log, lookMs, onChange }: { log: Log; lookMs: number | undefined; onChange: () => void },
): Promise<ClientAuthority | Fault> => {
  const first = await read(path);
  if (isFault(first)) return first;
  let known = first;
  const look = async () => {
    const found = await read(path);
    if (isFault(found))
      return log.error({ fault: found }, "the authority of clients' certificates");
    if (found === known) return;
    known = found;
    log.info({ path }, "the authority of clients' certificates is another one");
    onChange();
  };
  const watch = watchFiles([path], () => void look(), lookMs);
  return { current: () => known, close: watch.close };
};

const read = async (path: string): Promise<string | Fault> => {
  const refuse = (why: string) => fault('protocol', `The authority of clients: ${path}: ${why}.`);
  try {
    const text = await readFile(path, 'utf8');
    return isCertificate(text) ? text : refuse('no certificate in PEM');
  } catch (error) {
    return refuse(error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');
  }
};

const isCertificate = (text: string): boolean => {
  try {
    return new X509Certificate(text).ca;
  } catch {
    return false;
  }
};
