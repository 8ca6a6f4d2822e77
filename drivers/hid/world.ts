import { access, constants } from 'node:fs/promises';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { HidHandle, HidListener, HidWorld } from '#ports/hid-devices.ts';
import { watchHidraw } from './sightings.ts';

export type { HidHandle, HidListener, HidWorld } from '#ports/hid-devices.ts';

/**
 * Linux and node-hid. Looking reads a few files in /sys; node-hid is loaded when the first device
 * is opened. Its reads wait in a thread of their own, opens and writes in the thread pool.
 */
export const linuxHidWorld = (): HidWorld => ({ look: watchHidraw(), open });

type Library = typeof import('node-hid');

const open = async (place: string, listener: HidListener): Promise<HidHandle | Fault> => {
  try {
    await access(place, constants.R_OK | constants.W_OK);
  } catch (error) {
    const isDenied = codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
    return fault('device', isDenied ? denied(place) : `${place} can't be opened: ${codeOf(error)}`);
  }
  const library = await load();
  if (isFault(library)) return library;
  try {
    const device = await library.HIDAsync.open(place);
    device.on('error', (error: unknown) => listener.lost(messageOf(error)));
    device.on('data', (bytes: Uint8Array) => listener.report(bytes));
    return {
      write: (report) => settle(place, device.write(Buffer.from(report))),
      writeFeature: (report) => settle(place, device.sendFeatureReport(Buffer.from(report))),
      close: async () => {
        await device.close().catch(() => {});
      },
    };
  } catch (error) {
    return fault('device', `${place} can't be opened: ${messageOf(error)}`);
  }
};

const denied = (place: string): string =>
  `${place} may not be read by this user: a udev rule is missing (drivers/hid/README.md)`;

const load = async (): Promise<Library | Fault> => {
  try {
    return await import('node-hid');
  } catch (error) {
    return fault('device', `node-hid doesn't load: ${messageOf(error)}`);
  }
};

const settle = async (place: string, sent: Promise<number>): Promise<Fault | undefined> => {
  try {
    await sent;
    return undefined;
  } catch (error) {
    return fault('device', `${place} takes no report: ${messageOf(error)}`);
  }
};

// node-hid gives errors, and plain strings for what its read thread meets.
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
