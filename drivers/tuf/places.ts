import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Untrusted } from '#ports/trusted-source.ts';
import { folderPlace } from './folder-place.ts';
import { httpsPlace } from './https-place.ts';
import type { Limits } from './limits.ts';
import { type Opened, type Place, Refused } from './place.ts';
import { tarPlace } from './tar-place.ts';

/** The place that a technician or the configuration names: an HTTPS address, a folder or a tar. */
export const openPlace = (
  source: string,
  authority: string | undefined,
  limits: Limits,
): Place | Untrusted => {
  if (isAbsolute(source)) return pathPlace(source);
  if (!URL.canParse(source)) {
    const detail = `${source} is neither an https address nor an absolute path`;
    return { untrusted: 'unreachable', detail };
  }
  const { protocol, username, password, search, hash } = new URL(source);
  if (protocol !== 'https:') {
    const detail = `${protocol}// isn't accepted, only https://: whoever listens could slow us`;
    return { untrusted: 'unreachable', detail };
  }
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    const detail = 'the address of updates has a name, a password or a query, and may have none';
    return { untrusted: 'unreachable', detail };
  }
  return httpsPlace(source, authority, limits);
};

// A folder or a file is known when it is opened: a stick may be plugged in until then.
const pathPlace = (path: string): Place => {
  let place: Place | undefined;
  const found = (): Place => {
    place ??= isFile(path) ? tarPlace(path) : folderPlace(path);
    return place;
  };
  return {
    name: path,
    open: (name, from, signal): Promise<Opened | 'absent'> => found().open(name, from, signal),
    close: () => place?.close(),
  };
};

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch (error) {
    const { message } = error as Error;
    throw new Refused('unreachable', `${path} isn't there, is the stick plugged in? (${message})`);
  }
};
