import { type Fault, fault } from '#ports/fault.ts';
import type { HidSighting, HidWorld } from '#ports/hid-devices.ts';

/** By what a device is known among others. */
export interface Address {
  readonly vendorId: number;
  readonly productId: number;
  /** Where its bootloader shows itself as another product. */
  readonly bootloaderProductId?: number;
  /** Needed where several of one product are attached. */
  readonly serial?: string;
}

/**
 * The one device of that address whose descriptor names the usage page: a scanner has other
 * interfaces besides. Several are none: firmware never goes to a device that happens to be there.
 */
export const findDevice = async (
  world: HidWorld,
  address: Address,
  usagePage: number,
): Promise<HidSighting | Fault> => {
  const all = (await world.look()).filter((one) => isAt(one, address));
  const fit = all.filter(({ descriptor }) => namesUsagePage(descriptor, usagePage));
  const [first, second] = fit;
  if (first !== undefined && second === undefined) return first;
  const name = nameOf(address);
  if (second !== undefined) {
    return fault('device', `${fit.length} devices are ${name}: say whose "serial" it is`);
  }
  if (all.length > 0) return fault('device', `${name} has no interface for firmware`);
  return fault('device', `${name} is not plugged in`);
};

const isAt = (one: HidSighting, { vendorId, serial, ...address }: Address): boolean =>
  one.vendorId === vendorId &&
  (one.productId === address.productId || one.productId === address.bootloaderProductId) &&
  (serial === undefined || one.serial === serial);

const nameOf = ({ vendorId, productId, serial }: Address): string => {
  const ids = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
  return serial === undefined ? ids : `${ids} (${serial})`;
};

/** Whether an item Usage Page of a report descriptor has this value (HID 1.11, 6.2.2.2, 6.2.2.7). */
export const namesUsagePage = (descriptor: Uint8Array, page: number): boolean => {
  for (let at = 0; at < descriptor.length; ) {
    const prefix = descriptor[at] ?? 0;
    // A long item says its length in the next byte.
    const bytes = prefix === LONG_ITEM ? 2 + (descriptor[at + 1] ?? 0) : ITEM_BYTES[prefix & 3];
    let value = 0;
    for (let i = 0; i < (bytes ?? 0) && i < 4; i++)
      value += (descriptor[at + 1 + i] ?? 0) << (8 * i);
    if ((prefix & 0xfc) === USAGE_PAGE && value === page) return true;
    at += 1 + (bytes ?? 0);
  }
  return false;
};

const LONG_ITEM = 0xfe;
const USAGE_PAGE = 0x04;
const ITEM_BYTES = [0, 1, 2, 4] as const;
