import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, type MetadataKind } from '@tufjs/models';
import { expect, onTestFinished } from 'vitest';
import { machineDisk } from '#drivers/disk/index.ts';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';
import { openTrustedSource, type TrustedSourceOptions } from '#drivers/tuf/index.ts';
import type { Offer, Untrusted } from '#ports/trusted-source.ts';
import { packBundle } from '#upkeep/index.ts';
import { createDelegation } from '../../../scripts/maker/delegations.ts';
import { init, TOP_LEVEL } from '../../../scripts/maker/init.ts';
import { makeKey, type SigningKey, signingKeysIn } from '../../../scripts/maker/keys.ts';
import { publish } from '../../../scripts/maker/publish.ts';
import { sign } from '../../../scripts/maker/signing.ts';
import { type Maker, pendingRoles } from '../../../scripts/maker/store.ts';
import { addReleases, point } from '../../../scripts/maker/targets.ts';

export const MACHINE = 'linux-arm64';
export const live = new AbortController().signal;

/** A folder that is gone after the test. */
export const aFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `countertap-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export interface World {
  readonly maker: Maker;
  readonly keys: string;
  /** All of these names' keys. */
  keysOf(...names: string[]): SigningKey[];
  /** Signs all drafts with all keys, and publishes. */
  publish(): void;
  /** Adds a release, points the channel "stable" at it, and publishes. */
  release(version: string): Promise<void>;
  /** A copy of what is public now, as a mirror keeps it. */
  mirror(): string;
  /** Changes metadata that are public, as whoever holds these keys could. */
  forge(name: string, keys: readonly SigningKey[], change: (signed: Signed) => void): void;
}

export interface Signed {
  version: number;
  expires: string;
  [field: string]: unknown;
}

/** A maker with a channel "stable", root and targets 2 of 3, and release 1.0.0. */
export const aWorld = async (): Promise<World> => {
  const folder = aFolder('maker');
  const keys = join(folder, 'keys');
  const maker: Maker = { folder: join(folder, 'repository'), now: () => Date.now() };
  const shares = { root: [2, 3], targets: [2, 3], snapshot: [1, 1], timestamp: [1, 1] } as const;
  const plans = TOP_LEVEL.map((role) => {
    const [threshold, count] = shares[role];
    return [role, { given: [], threshold, count }] as const;
  });
  init(maker, { keys, roles: Object.fromEntries(plans) as never });
  createDelegation(maker, 'channel', 'stable', [makeKey(keys, 'stable')], 1);
  const all = (): SigningKey[] => signingKeysIn([keys]);
  const world: World = {
    maker,
    keys,
    keysOf: (...names) => all().filter(({ name }) => names.includes(name)),
    publish: () => {
      for (const role of pendingRoles(maker)) sign(maker, role, all());
      publish(maker, all());
    },
    release: async (version) => {
      const file = join(folder, `bundle-${version}`);
      writeFileSync(file, bundleOf(version));
      await addReleases(maker, [file]);
      const choice = { release: version, machines: [], firmware: undefined };
      await point(maker, 'channel-stable', 'channels/stable', choice);
      world.publish();
    },
    mirror: () => {
      const copy = aFolder('mirror');
      cpSync(maker.folder, copy, { recursive: true });
      return copy;
    },
    forge: (name, signers, change) => forge(join(maker.folder, 'metadata', name), signers, change),
  };
  await world.release('1.0.0');
  return world;
};

/** A bundle of about 100 kB for `MACHINE`. */
export const bundleOf = (version: string, machine = MACHINE): Buffer =>
  packBundle({ release: `countertap-${version}`, version, floor: '1.0.0', machine } as never, [
    { path: 'start', mode: 0o755, bytes: Buffer.alloc(100_000, version) },
  ]);

export const forge = (
  path: string,
  signers: readonly SigningKey[],
  change: (signed: Signed) => void,
): void => {
  const json = JSON.parse(readFileSync(path, 'utf8'));
  change(json.signed);
  const kind: MetadataKind = json.signed._type;
  const metadata = Metadata.fromJSON(kind as MetadataKind.Targets, { ...json, signatures: [] });
  for (const { signer } of signers) metadata.sign(signer);
  writeFileSync(path, JSON.stringify(metadata.toJSON()));
};

/** Answers a request otherwise than an honest server; false: as an honest one. */
export type Trick = (path: string, response: ServerResponse, range?: string) => boolean;

export interface Server {
  readonly address: string;
  /** PEM file of the authority that vouches for it. */
  readonly authority: string;
  /** What it serves. */
  folder: string;
  trick: Trick;
  readonly asked: string[];
}

const DAY_MS = 24 * 3600 * 1000;

/** A real HTTPS server on the loopback, honest until it is told otherwise. */
export const aServer = async (folder: string, names = ['localhost']): Promise<Server> => {
  const validity = { fromMs: Date.now() - DAY_MS, untilMs: Date.now() + 400 * DAY_MS };
  const authority = createAuthority('authority', validity);
  const identity = authority.issue({ commonName: 'host', usage: 'server', names, validity });
  const server = createServer(
    { cert: identity.certificate, key: identity.key },
    (request, response) => {
      const path = request.url?.slice(1) ?? '';
      told.asked.push(path);
      if (told.trick(path, response, request.headers.range)) return;
      try {
        response.end(readFileSync(join(told.folder, path)));
      } catch {
        response.writeHead(404).end();
      }
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(aFolder('authority'), 'authority.pem');
  writeFileSync(file, authority.certificate);
  const { port } = server.address() as AddressInfo;
  const told: Server = {
    address: `https://localhost:${port}`,
    authority: file,
    folder,
    trick: () => false,
    asked: [],
  };
  return told;
};

export interface Terminal {
  readonly state: string;
  /** Opens a source, looks, fetches what is offered, and closes. */
  update(
    source: string | Server,
    more?: Partial<TrustedSourceOptions>,
  ): Promise<{ readonly version: string } | Untrusted>;
}

/** A terminal that was installed with the maker's first root. */
export const aTerminal = (world: World): Terminal => {
  const state = aFolder('state');
  const root = join(state, 'root.json');
  cpSync(join(world.maker.folder, 'metadata/1.root.json'), root);
  return {
    state,
    update: async (source, more = {}) => {
      const trusted = openTrustedSource({
        ...(typeof source === 'string'
          ? { source }
          : { source: source.address, authority: source.authority }),
        root,
        state,
        disk: machineDisk,
        channel: 'stable',
        machine: MACHINE,
        ...more,
        limits: { pauseMs: 1, ...more.limits },
      });
      try {
        const offer = await trusted.look(live);
        if ('untrusted' in offer) return offer;
        const { release } = offer;
        if (release === undefined) return { version: 'none' };
        const got = await trusted.fetch(release, live);
        return 'untrusted' in got ? got : { version: versionIn(readFileSync(got.file)) };
      } finally {
        expect(await trusted.close()).toBeUndefined();
        // Nothing of what was fetched is left, trusted or not.
        const left = readdirSync(join(state, 'trust')).filter((name) => name.startsWith('work-'));
        expect(left).toEqual([]);
      }
    },
  };
};

const versionIn = (bundle: Buffer): string =>
  /"version":"([\d.]+)"/.exec(bundle.toString('latin1', 0, 2000))?.[1] ?? 'unknown';

export type Outcome = Awaited<ReturnType<Terminal['update']>>;
export const reasonIn = (outcome: Outcome | Offer): string =>
  'untrusted' in outcome ? outcome.untrusted : JSON.stringify(outcome);
