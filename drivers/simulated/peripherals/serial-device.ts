import { BehaviorSubject, Subject } from 'rxjs';
import type { ByteLine, ByteLineState } from '#ports/byte-line.ts';
import { fault } from '#ports/fault.ts';
import { versionOf } from './image.ts';
import { type Receiver, type ReceiverTiming, receiveXmodem } from './xmodem-receiver.ts';

/** A device at a serial port: firmware that answers VER and BOOT, a bootloader for LOAD and RUN. */
export interface SerialPeripheral {
  /** What the terminal sends. */
  take(bytes: Uint8Array): void;
  /** Its version, or "bootloader". */
  runs(): string;
  /** What it received last, whole, with what its last block was filled up with. */
  image(): Uint8Array | undefined;
  /** The power goes and comes: half an image is none. */
  powerCycle(): void;
  close(): void;
}

export interface SerialPeripheralOptions {
  readonly version: string;
  /** To the terminal. */
  readonly send: (bytes: Uint8Array) => void;
  readonly timing?: Partial<ReceiverTiming>;
}

export const serialPeripheral = (options: SerialPeripheralOptions): SerialPeripheral => {
  const { send } = options;
  const timing = { waitMs: 3000, characterMs: 1000, ...options.timing };
  let flash: string | undefined = options.version;
  let mode: 'running' | 'bootloader' = 'running';
  let receiver: Receiver | undefined;
  let line = '';
  let last: Uint8Array | undefined;
  const say = (text: string) => send(new TextEncoder().encode(text));
  const receive = () => {
    // From here on there is nothing to go back to.
    flash = undefined;
    receiver = receiveXmodem(timing, {
      send,
      done: (image) => {
        receiver = undefined;
        last = image;
        flash = versionOf(image);
      },
      ended: () => {
        receiver = undefined;
      },
    });
  };
  const boot = () => {
    mode = flash === undefined ? 'bootloader' : 'running';
    if (mode === 'bootloader') say('BOOTLOADER\r\n');
  };
  const hear = (command: string) => {
    if (mode === 'running') {
      if (command === 'VER') say(`VER ${flash}\r\n`);
      if (command !== 'BOOT') return;
      mode = 'bootloader';
      return say('BOOTLOADER\r\n');
    }
    if (command === 'VER') say('BOOTLOADER\r\n');
    if (command === 'LOAD') receive();
    if (command === 'RUN') boot();
  };
  return {
    take: (bytes) => {
      if (receiver !== undefined) return receiver.take(bytes);
      for (const byte of bytes) {
        if (byte !== CARRIAGE_RETURN) line = `${line}${String.fromCharCode(byte)}`.slice(-16);
        else {
          // Noise before a command is no part of it.
          hear(/(?:VER|BOOT|LOAD|RUN)$/.exec(line)?.[0] ?? '');
          line = '';
        }
      }
    },
    runs: () => (mode === 'running' ? (flash ?? '') : 'bootloader'),
    image: () => last,
    powerCycle: () => {
      receiver?.stop();
      receiver = undefined;
      boot();
    },
    close: () => receiver?.stop(),
  };
};

const CARRIAGE_RETURN = 0x0d;

/** The same at a port in this process. */
export interface SerialPeripheralAtPort extends Omit<SerialPeripheral, 'take'> {
  openLine(): ByteLine;
  /** Looks at, changes or swallows what goes over the wire. */
  between: { toDevice(bytes: Uint8Array): Uint8Array; toTerminal(bytes: Uint8Array): Uint8Array };
}

export const serialPeripheralAtPort = (
  options: Omit<SerialPeripheralOptions, 'send'>,
): SerialPeripheralAtPort => {
  const received = new Subject<Uint8Array>();
  const between = { toDevice: same, toTerminal: same };
  const device = serialPeripheral({
    ...options,
    send: (bytes) => {
      const through = between.toTerminal(bytes);
      setImmediate(() => received.next(through));
    },
  });
  return {
    ...device,
    between,
    openLine: () => {
      const state = new BehaviorSubject<ByteLineState>({ line: 'up' });
      return {
        path: '/dev/simulated',
        state$: state.asObservable(),
        received$: received.asObservable(),
        write: async (bytes) => {
          if (state.closed) return fault('aborted', '/dev/simulated is closed');
          const through = between.toDevice(bytes);
          setImmediate(() => device.take(through));
          return undefined;
        },
        close: async () => state.complete(),
      };
    },
  };
};

const same = (bytes: Uint8Array): Uint8Array => bytes;
