import type { PeripheralConfig, PeripheralsConfig } from '#config/peripherals-config.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import type { GiveBack } from '#upkeep/firmware/index.ts';

/**
 * The peripherals that a configuration names, each with its driver. Nothing is opened before one is
 * asked; one whose driver can't serve it says so whenever it is asked.
 */
export const openPeripherals = (
  config: PeripheralsConfig,
): Promise<readonly PeripheralFirmware[]> => Promise.all(config.map(openPeripheral));

/**
 * Takes a peripheral out of use in this process: what has its serial port open lets go of it until
 * it is given back. A HID device needs none of it: hidraw has room for several.
 */
export const takeOutOf =
  (config: readonly PeripheralConfig[]) =>
  async (name: string): Promise<GiveBack> => {
    const one = config.find((peripheral) => peripheral.name === name);
    if (one?.kind !== 'xmodem') return async () => {};
    const { borrowDeviceFile } = await import('#drivers/serial/index.ts');
    const giveBack = await borrowDeviceFile(one.path);
    return async () => giveBack();
  };

/** Where a peripheral is: "/dev/ttyACM0", "0c2e:0b01". */
export const placeOf = (config: PeripheralConfig): string =>
  config.kind === 'xmodem'
    ? config.path
    : [config.vendorId, config.productId].map((id) => id.toString(16).padStart(4, '0')).join(':');

const openPeripheral = async (config: PeripheralConfig): Promise<PeripheralFirmware> => {
  const opened = config.kind === 'xmodem' ? await openSerial(config) : await openHid(config);
  return isFault(opened) ? unserved(config.name, opened) : opened;
};

const openSerial = async (config: Extract<PeripheralConfig, { kind: 'xmodem' }>) => {
  const { openXmodemFirmware } = await import('#drivers/xmodem/index.ts');
  const { openByteLine } = await import('#drivers/serial/index.ts');
  const { name, model, path, commands, baudRate, dataBits, parity, stopBits, flowControl } = config;
  const settings = { baudRate, dataBits, parity, stopBits, flowControl };
  const openLine = () => openByteLine(path, { kind: 'serial', ...settings, borrower: true });
  return openXmodemFirmware({ name, model, openLine, commands: stated(commands) });
};

const openHid = async (config: Extract<PeripheralConfig, { kind: 'hid' }>) => {
  const { openHidFirmware } = await import('#drivers/hid-firmware/index.ts');
  const { linuxHidWorld } = await import('#drivers/hid/index.ts');
  const { name, model, vendorId, productId, ...more } = config;
  const { bootloaderProductId, serial } = more;
  return openHidFirmware({
    ...{ name, model, vendorId, productId, world: linuxHidWorld() },
    ...stated({ bootloaderProductId, serial }),
  });
};

const unserved = (name: string, why: Fault): PeripheralFirmware => ({
  name,
  version: async () => why,
  load: async () => why,
});

type Stated<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> };

const stated = <Values extends object>(values: Values): Stated<Values> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Stated<Values>;
