import type { SerialPort } from 'serialport';
import { fault } from '#ports/fault.ts';
import type { DeviceEvents, OpenDevice } from './byte-line.ts';
import { reasonOf } from './reasons.ts';

/** As the device's manual says, or the sheet of codes that a scanner is set up with. */
export interface SerialSettings {
  readonly baudRate?: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
  /** Who says "wait": nobody, wires, or characters. */
  readonly flowControl?: 'none' | 'rtscts' | 'xonxoff';
}

export const serialDefaults = {
  baudRate: 9600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
} as const satisfies Required<SerialSettings>;

/** "9600 8N1", as technicians write it. */
export const serialWords = (settings: SerialSettings): string => {
  const { baudRate, dataBits, parity, stopBits } = { ...serialDefaults, ...settings };
  return `${baudRate} ${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;
};

/** A serial port by npm's serialport, which is loaded with the first port that is there. */
export const serialPort =
  (settings: SerialSettings): OpenDevice =>
  async (path, events) => {
    let port: Port;
    try {
      // Without its parsers and mocks: 7 MB less.
      const { SerialPort } = await import('serialport/dist/serialport.js');
      // Below serialport's stream: promises, and no error event that nobody hears.
      port = await SerialPort.binding.open({ path, ...bindingOptions(settings) });
    } catch (error) {
      return fault('device', `${path}: ${reasonOf(error)}`);
    }
    // What was sent before anybody listened, or lies unsent, belongs to another time.
    await port.flush().catch(() => {});
    void readAll(port, events);
    let unsent = false;
    return {
      write: async (bytes) => {
        unsent = true;
        const failed = await write(port, bytes);
        unsent = failed !== undefined;
        return failed;
      },
      close: () => close(port, unsent),
    };
  };

type Port = Awaited<ReturnType<(typeof SerialPort)['binding']['open']>>;

const bindingOptions = (settings: SerialSettings) => {
  const { baudRate, dataBits, parity, stopBits, flowControl } = { ...serialDefaults, ...settings };
  const characters = flowControl === 'xonxoff';
  return {
    ...{ baudRate, dataBits, parity, stopBits },
    ...{ rtscts: flowControl === 'rtscts', xon: characters, xoff: characters },
  };
};

const READ_BYTES = 4096;

const readAll = async (port: Port, events: DeviceEvents): Promise<void> => {
  const buffer = Buffer.alloc(READ_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await port.read(buffer, 0, READ_BYTES);
      events.received(Uint8Array.from(buffer.subarray(0, bytesRead)));
    }
  } catch (error) {
    events.lost(reasonOf(error));
  }
};

const write = async (port: Port, bytes: Uint8Array): Promise<string | undefined> => {
  try {
    await port.write(Buffer.from(bytes));
    // Out of the kernel's buffer, too.
    await port.drain();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
};

// A kernel that has bytes to send keeps a port for up to 30 s when it is closed: so they go first.
// What has been sent may still be in an adapter, and is left alone.
const close = async (port: Port, unsent: boolean): Promise<void> => {
  if (!port.isOpen) return;
  if (unsent) await port.flush().catch(() => {});
  await port.close().catch(() => {});
};
