import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HidSighting } from '#ports/hid-devices.ts';

export type { HidSighting } from '#ports/hid-devices.ts';

/** The HID devices there are, each time it is called. What was seen before isn't read again. */
export const watchHidraw = (classFolder = '/sys/class/hidraw'): (() => Promise<HidSighting[]>) => {
  let known = new Map<string, HidSighting>();
  return async () => {
    const names = await readdir(classFolder).catch(() => []);
    const seen = new Map<string, HidSighting>();
    for (const name of names.sort()) {
      const instance = basename(await readlink(join(classFolder, name, 'device')).catch(() => ''));
      const sighting = known.get(instance) ?? (await look(classFolder, name, instance));
      // Gone again while we looked, or a name that isn't of a HID device.
      if (sighting !== undefined) seen.set(instance, sighting);
    }
    known = seen;
    return [...seen.values()];
  };
};

const INSTANCE = /^[0-9A-F]{4}:([0-9A-F]{4}):([0-9A-F]{4})\.[0-9A-F]{4,}$/;

const look = async (
  classFolder: string,
  name: string,
  instance: string,
): Promise<HidSighting | undefined> => {
  const ids = INSTANCE.exec(instance);
  if (ids === null) return undefined;
  const folder = join(classFolder, name, 'device');
  try {
    const descriptor = await readFile(join(folder, 'report_descriptor'));
    const properties = await readFile(join(folder, 'uevent'), 'utf8');
    return {
      place: `/dev/${name}`,
      instance,
      vendorId: Number.parseInt(ids[1] ?? '', 16),
      productId: Number.parseInt(ids[2] ?? '', 16),
      name: property(properties, 'HID_NAME'),
      serial: property(properties, 'HID_UNIQ'),
      descriptor: new Uint8Array(descriptor),
    };
  } catch {
    return undefined;
  }
};

// A device's name is its own: no control characters of it go to a screen.
const property = (properties: string, key: string): string =>
  (new RegExp(`^${key}=(.*)$`, 'm').exec(properties)?.[1] ?? '').replaceAll(/\p{Cc}/gu, ' ').trim();
