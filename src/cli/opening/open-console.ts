import { join, resolve } from 'node:path';
import { map, merge, type Observable } from 'rxjs';
import type { Console, ConsoleParts, ReaderSilence } from '#console/index.ts';
import { keepRecentTaps } from '#console/recent-taps.ts';
import { type HttpsListener, machineNames, openHttps, pageFiles } from '#drivers/http/index.ts';
import { quirksOf } from '#drivers/pcsc/index.ts';
import type { CardReader, ReaderState } from '#ports/card-reader.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Upkeep } from '#ports/upkeep.ts';
import type { TerminalEvent } from '#terminal/types.ts';
import type { Configuration } from '../load-configuration.ts';
import { INSTALLATION, type Places } from '../places.ts';
import { clock, entropy } from '../world.ts';

/** What the console shows and works on, as main has it. */
export interface ConsoleSurroundings
  extends Omit<
    ConsoleParts,
    'taps' | 'reader$' | 'silence' | 'page' | 'shop' | 'clock' | 'entropy' | 'log'
  > {
  readonly reader: CardReader;
  /** The terminal's, from its start on. */
  readonly events$: Observable<TerminalEvent>;
  readonly upkeep: Pick<Upkeep, 'standing' | 'standing$' | 'order'>;
}

export interface OpenedConsole extends Pick<HttpsListener, 'url' | 'fingerprint'> {
  close(): Promise<void>;
}

/**
 * Listens for staff. The console itself is loaded when somebody comes: an idle terminal keeps its
 * memory. A Fault where it can't be served, which is no matter of payments.
 */
export const openConsole = async (
  configuration: Configuration,
  places: Places,
  { reader, events$, changes$, ...parts }: ConsoleSurroundings,
  log: Log,
): Promise<OpenedConsole | Fault> => {
  const { terminal: config, folder } = configuration;
  const { certificate: own, host, port } = config.console;
  const here = machineNames(config.console.names);
  const taps = keepRecentTaps(events$, clock.wallMs);
  let state: ReaderState | undefined;
  const watch = reader.state$.subscribe((now) => {
    state = now;
  });
  let opened: Console | undefined;
  const fingerprint = () => (isFault(listener) ? undefined : listener.fingerprint());
  const load = async (): Promise<Console> => {
    const { createConsole } = await import('#console/index.ts');
    return createConsole({
      ...parts,
      taps,
      changes$: merge(events$, changes$, reader.state$, parts.upkeep.standing$).pipe(
        map(() => undefined),
      ),
      reader$: reader.state$,
      silence: () => silenceOf(state),
      page: pageFiles(join(INSTALLATION, 'src', 'console', 'dist')),
      shop: shopOf(configuration, here.names),
      about: () => ({ ...parts.about(), ...known(fingerprint()) }),
      ...{ clock, entropy, log },
    });
  };
  const listener = await openHttps({
    ...{ host, port, log },
    wallMs: clock.wallMs,
    identity:
      own !== undefined
        ? {
            kind: 'files',
            certificate: resolve(folder, own.certificate),
            privateKey: resolve(folder, own.privateKey),
          }
        : { kind: 'own', folder: places.console, names: [...here.names, ...here.addresses] },
    app: async () => {
      opened ??= await load();
      return opened.routing;
    },
  });
  const closeParts = async () => {
    await opened?.close();
    watch.unsubscribe();
    taps.close();
  };
  if (isFault(listener)) {
    await closeParts();
    return listener;
  }
  return {
    url: listener.url,
    fingerprint,
    close: async () => {
      await listener.close();
      await closeParts();
    },
  };
};

const known = (fingerprint: string | undefined) =>
  fingerprint === undefined ? {} : { fingerprint };

const shopOf = (
  { terminal: { merchant, terminal, acceptance } }: Configuration,
  names: readonly string[],
): ConsoleParts['shop'] => ({
  merchant: merchant.name,
  terminalId: terminal.id,
  currency: terminal.currency,
  language: terminal.language,
  lane: acceptance.lane,
  names,
});

/** What is left of the field when contactless is off, for staff. */
const silenceOf = (state: ReaderState | undefined): ReaderSilence => {
  if (state?.reader !== 'present') return { sentence: 'No reader is there.' };
  const { model, fieldOff } = quirksOf(state.name);
  const { silenced } = state;
  if (silenced !== undefined) return { model, silenced, sentence: SILENCED[silenced] };
  const hasCommand = fieldOff !== 'unknown' && fieldOff !== 'none';
  return { model, sentence: WHEN_OFF[hasCommand ? 'antennaOff' : 'antennaOn'] };
};

const SILENCED = {
  antennaOff: 'Silent, and its antenna is down: cards get no power from it.',
  antennaOn:
    'Silent: nothing is asked of cards. It has no command that puts its antenna down, so cards ' +
    'that are held there get power from it.',
} as const;

const WHEN_OFF = {
  antennaOff: 'When contactless is off, its antenna is put down.',
  antennaOn:
    'When contactless is off, nothing is asked of cards, but it has no command that puts its ' +
    'antenna down.',
} as const;
