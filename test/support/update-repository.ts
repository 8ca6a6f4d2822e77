import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { authority, serverOf } from '#test/drivers/tls/support.ts';

export interface UpdateRepository {
  /** "https://localhost:…/" */
  readonly address: string;
  /** PEM file of the server's authority, and the maker's first root.json. */
  readonly authority: string;
  readonly root: string;
  /** The folder that is served: as it lies on a stick. */
  readonly folder: string;
  /** Signs for bundles, which nothing points at yet. */
  add(bundles: readonly string[]): Promise<void>;
  /** The channel points at this version from now on. */
  offer(version: string): Promise<void>;
  close(): Promise<void>;
}

/** A maker's repository, made by its own commands, behind HTTPS. */
export const serveRepository = async (home: string): Promise<UpdateRepository> => {
  const [folder, keys] = [join(home, 'repository'), join(home, 'maker-keys')];
  const maker = async (...words: readonly string[]): Promise<void> => {
    const all = ['--repository', folder, '--keys', keys, ...words];
    await promisify(execFile)('scripts/repository', all);
  };
  await mkdir(folder, { recursive: true });
  await mkdir(keys, { recursive: true });
  await maker('init', '--root', '1/1', '--targets', '1/1');
  await maker('key', join(keys, 'channel'));
  await maker('channel', 'stable', '--create', '--key', join(keys, 'channel.pub'));
  await maker('publish');
  const first = join(home, 'root.json');
  await cp(join(folder, 'metadata', '1.root.json'), first);
  const trusted = authority();
  const { certificate: cert, key } = serverOf(trusted);
  const server = createServer({ cert, key }, (request, response) => {
    const file = createReadStream(join(folder, new URL(request.url ?? '/', 'https://x').pathname));
    file.on('error', () => response.writeHead(404).end());
    file.pipe(response);
  }).listen(0);
  await once(server, 'listening');
  const authorityFile = join(home, 'authority.pem');
  await writeFile(authorityFile, trusted.certificate);
  const { port } = server.address() as { port: number };
  return {
    ...{ address: `https://localhost:${port}/`, authority: authorityFile, root: first, folder },
    add: (bundles) => maker('add-release', ...bundles),
    offer: async (version) => {
      await maker('channel', 'stable', '--release', version);
      await maker('publish');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
