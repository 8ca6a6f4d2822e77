import type { CardStatus, PcscliteReader } from 'nfc-pcsc';
import { type Fault, fault } from '#ports/fault.ts';
import { OBEYED, sendEscapes } from './escape.ts';
import type { Reply, Sighting } from './messages.ts';
import type { Escape } from './quirks.ts';
import { faultOf } from './scard-errors.ts';

/** One slot of a reader, as the reader process works it: which card is in it, who talks to it. */
export interface Slot {
  /** Takes what the service says about the slot; gives what is new about it. */
  status(status: CardStatus): Sighting | undefined;
  connect(): Promise<Reply>;
  transmit(activation: number, command: Uint8Array): Promise<Reply>;
  release(activation: number): Promise<Reply>;
  /** Powers down what is powered, then gives the reader itself the escapes. */
  silence(escapes: readonly Escape[]): Promise<Reply>;
  /** Gives the reader itself the escapes, if no card is connected to. */
  signal(escapes: readonly Escape[]): Promise<Reply>;
}

/** CLOCK_MONOTONIC, the same in every process of the machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * `activations` gives every power-up in this process a number of its own; `silent` says whether
 * cards are to be left alone by now.
 */
export const openSlot = (
  device: PcscliteReader,
  activations: () => number,
  silent: () => boolean,
): Slot => {
  /** The service's count when the card came; undefined while there is none. */
  let card: number | undefined;
  let active: { readonly activation: number; readonly protocol: number } | undefined;
  /** A command failed, and the service hasn't said yet that the card is gone. */
  let suspect = false;

  const status = ({ state, atr }: CardStatus): Sighting | undefined => {
    const known = card;
    card = (state & device.SCARD_STATE_PRESENT) === 0 ? undefined : state >>> 16;
    if (known === card && card !== undefined) return undefined;
    // Also when one status tells of a card that went and another that came: the count differs.
    active = undefined;
    suspect = false;
    return sightingOf(device.name, card, atr);
  };

  const letGo = async (disposition: number): Promise<void> => {
    active = undefined;
    if (!device.connected) return;
    await disconnect(device, disposition);
    // A card or service that is gone can't be disconnected from; we are through with it anyway.
    device.connected = false;
  };

  return {
    status,
    connect: async () => {
      const startedMs = monotonicMs();
      const protocol = await powerUp(device, { letGo, silent, suspect });
      if (typeof protocol !== 'number') return { kind: 'failed', fault: protocol };
      if (silent()) {
        await letGo(device.SCARD_UNPOWER_CARD);
        return { kind: 'failed', fault: SILENCED };
      }
      suspect = false;
      active = { activation: activations(), protocol };
      const microseconds = microsecondsSince(startedMs);
      return { kind: 'connected', activation: active.activation, microseconds };
    },
    transmit: async (activation, command) => {
      if (silent()) return { kind: 'failed', fault: SILENCED };
      if (active?.activation !== activation) return { kind: 'failed', fault: CARD_GONE };
      const startedMs = monotonicMs();
      const response = await transmit(device, active.protocol, command);
      const microseconds = microsecondsSince(startedMs);
      if (response instanceof Uint8Array) return { kind: 'answer', response, microseconds };
      suspect = true;
      // pcscd takes a card that can't be powered down for gone, and stays blind to the next card if
      // that one came before pcscd looked again. So we leave it alone until pcscd has looked.
      await letGo(device.SCARD_LEAVE_CARD);
      return { kind: 'failed', fault: response };
    },
    release: async (activation) => {
      if (active?.activation === activation) await letGo(device.SCARD_UNPOWER_CARD);
      return { kind: 'done' };
    },
    silence: async (escapes) => {
      await letGo(device.SCARD_UNPOWER_CARD);
      return escapes.length === 0 ? OBEYED : sendEscapes(device, escapes);
    },
    signal: async (escapes) =>
      active === undefined && !device.connected ? sendEscapes(device, escapes) : IN_USE,
  };
};

interface How {
  readonly letGo: (disposition: number) => Promise<void>;
  readonly silent: () => boolean;
  readonly suspect: boolean;
}

const powerUp = async (
  device: PcscliteReader,
  { letGo, silent, suspect }: How,
): Promise<number | Fault> => {
  await letGo(device.SCARD_UNPOWER_CARD);
  if (silent()) return SILENCED;
  if (!suspect) return connect(device);
  // The service may have overlooked that another card took the place of the one that failed. It
  // would then talk to a card that was never powered up: so power down what is there, and up.
  const talks = await connect(device);
  if (typeof talks !== 'number') return talks;
  await letGo(device.SCARD_UNPOWER_CARD);
  return silent() ? SILENCED : connect(device);
};

const sightingOf = (
  reader: string,
  number: number | undefined,
  atr: Uint8Array | undefined,
): Sighting => {
  const atMs = monotonicMs();
  if (number === undefined) return { kind: 'cardGone', reader, atMs };
  return { kind: 'card', reader, number, atr: Uint8Array.from(atr ?? []), atMs };
};

/** Data and status word of the longest answer that ISO 7816-4 knows. */
const LONGEST_ANSWER = 65_538;
const SILENCED: Fault = fault('aborted', 'the reader is silenced');
const IN_USE: Reply = {
  kind: 'failed',
  fault: fault('aborted', 'a card is connected to'),
};
const CARD_GONE: Fault = fault('cardLost', 'the card that was powered up is not there any more');

const microsecondsSince = (startedMs: number): number =>
  Math.round((monotonicMs() - startedMs) * 1000);

/** Nobody else talks to the card meanwhile: exclusive. Gives the protocol, T=0 or T=1. */
const connect = (device: PcscliteReader): Promise<number | Fault> =>
  new Promise((resolve) => {
    device.connect({ share_mode: device.SCARD_SHARE_EXCLUSIVE }, (error, protocol) => {
      resolve(error ? faultOf(error) : (protocol ?? fault('protocol', 'no transport protocol')));
    });
  });

const disconnect = (device: PcscliteReader, disposition: number): Promise<void> =>
  new Promise((resolve) => {
    device.disconnect(disposition, () => resolve());
  });

const transmit = (
  device: PcscliteReader,
  protocol: number,
  command: Uint8Array,
): Promise<Uint8Array | Fault> =>
  new Promise((resolve) => {
    device.transmit(Buffer.from(command), LONGEST_ANSWER, protocol, (error, response) => {
      if (error) resolve(faultOf(error));
      // A card torn away in the middle of a command: success, and no status word.
      else if (response.length < 2) resolve(fault('cardLost', 'the answer has no status word'));
      else resolve(response);
    });
  });
