import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TerminalConfig } from '#config/terminal-config.ts';
import { macsBeside, openKeyStore } from '#drivers/keystore/index.ts';
import { createCodec } from '#iso8583/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Probe } from '#ports/finding.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import { localTime } from '#terminal/local-time.ts';
import { askForEcho } from '#uplink/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { type Host, openHost } from '../opening/open-host.ts';
import { injectSimulatedKeys } from '../opening/open-safe.ts';
import { type Places, placesIn } from '../places.ts';
import { clock } from '../world.ts';
import { bounded, type Looked } from './bounded.ts';
import { inTemporaryFolder } from './temporary.ts';

/**
 * Whether the host answers an echo: over a second connection, with the configured certificates, in
 * its dialect, with a MAC where it wants one. A simulated host is one of the probe's own.
 */
export const hostProbe = (configuration: Configuration, places: Pick<Places, 'keys'>): Probe => {
  const { answerWithinSeconds } = configuration.terminal.host;
  const withinMs = Math.min(MOST_MS, CONNECT_MS + answerWithinSeconds * 1000);
  return bounded('host', withinMs + START_MS, LOOK, async (signal) => {
    const looked = await inTemporaryFolder(ROOM_BYTES, (folder) =>
      ask(configuration, { ...placesIn(folder), realKeys: places.keys }, withinMs, signal),
    );
    return (
      looked ?? { wrong: 'there is no room for a simulated host', remedy: 'make room in /tmp' }
    );
  });
};

const CONNECT_MS = 5_000;
const MOST_MS = 30_000;
/** A simulated host has to come up first. */
const START_MS = 15_000;
const ROOM_BYTES = 4 << 20;
const LOOK = 'look at the network, and ask the acquirer whether the host is up';

const ask = async (
  configuration: Configuration,
  places: Places & { readonly realKeys: string },
  withinMs: number,
  signal: AbortSignal,
): Promise<Looked> => {
  // Where the simulated host's socket comes.
  await mkdir(dirname(places.acquirerSocket), { recursive: true });
  const host = await openHost(configuration, places, quiet);
  if (isFault(host)) return wrongBy(host);
  try {
    const keys = await keysFor(host, configuration.terminal, places);
    if (isFault(keys)) return wrongBy(keys);
    try {
      const codec = createCodec({ ...host.profile, localTime: () => localTime(clock.wallMs()) });
      const { id: terminalId } = configuration.terminal.terminal;
      const parts = { link: host.link, codec, clock, log: quiet, keys, terminalId };
      const problem = await askForEcho(parts, randomInt(1, 1_000_000), withinMs, signal);
      return problem ? wrongBy(problem) : { well: 'the host answers an echo' };
    } finally {
      await keys.close();
    }
  } finally {
    await host.close();
  }
};

// The running terminal holds its store; a simulated host's keys are nobody else's.
const keysFor = async (
  host: Host,
  { securityModule }: TerminalConfig,
  { keys: folder, realKeys }: Places & { readonly realKeys: string },
): Promise<(Pick<KeyStore, 'mac'> & { close(): Promise<void> }) | Fault> => {
  if (host.keys !== undefined) {
    const keys = await openKeyStore({ folder, log: quiet });
    if (isFault(keys)) return keys;
    const problem = await injectSimulatedKeys(keys, host.keys, quiet);
    if (problem === undefined) return keys;
    await keys.close();
    return problem;
  }
  const none = async (): Promise<void> => {};
  if (securityModule === undefined) return { ...macsBeside({ folder: realKeys }), close: none };
  const { sealerOf } = await import('../keys.ts');
  const { library: moduleLibrary, token: moduleToken, pinFile: modulePin } = securityModule;
  const sealer = sealerOf({ moduleLibrary, moduleToken, modulePin }, quiet);
  if (isFault(sealer)) return sealer;
  const close = async (): Promise<void> => sealer?.close();
  return { ...macsBeside({ folder: realKeys, ...(sealer ? { sealer } : {}) }), close };
};

const wrongBy = ({ fault, detail }: Fault): Looked => ({
  wrong: `the host answers no echo: ${detail}`,
  remedy: fault === 'keys' ? 'load the MAC key: countertap keys --help' : LOOK,
});

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
