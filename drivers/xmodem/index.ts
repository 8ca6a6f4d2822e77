import type { ByteLine } from '#ports/byte-line.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import { askVersion, bytesOf, enterBootloader, untilItRuns } from './dialogue.ts';
import { type Commands, modelOf, type SettledModel } from './models.ts';
import { PROTOCOL_TIMING, sendImage, type TransferTiming } from './send.ts';
import { openWire, type Wire } from './wire.ts';

export type { Commands } from './models.ts';

export interface XmodemOptions {
  /** As in the configuration. */
  readonly name: string;
  /** A row of models.ts. */
  readonly model: string;
  /** What goes before the row. */
  readonly commands?: Partial<Commands>;
  /** Opens the device's port; closed after each use, for nobody else can use it meanwhile. */
  readonly openLine: () => ByteLine;
  readonly timing?: Partial<TransferTiming & Pick<SettledModel, 'answerMs' | 'enterMs' | 'bootMs'>>;
}

/**
 * A device with a serial bootloader that takes XMODEM-1K with CRC. A Fault when nobody knows its
 * commands.
 */
export const openXmodemFirmware = (options: XmodemOptions): PeripheralFirmware | Fault => {
  const row = modelOf(options.model, options.commands ?? {});
  if (isFault(row)) return row;
  const model = { ...row, ...options.timing };
  const timing = { ...PROTOCOL_TIMING, ...options.timing };
  return {
    name: options.name,
    version: (signal) =>
      onWire(options.openLine(), signal, async (wire) => {
        const running = await askVersion(wire, model);
        if (isFault(running) || running === 'bootloader') return running;
        return running.version;
      }),
    load: (image, signal, progress) =>
      onWire(options.openLine(), signal, (wire) =>
        load(image, { wire, timing, signal, progress }, model),
      ),
  };
};

/** How long a port may take to be there. */
const OPEN_MS = 3000;

const onWire = async <Value>(
  line: ByteLine,
  signal: AbortSignal,
  use: (wire: Wire) => Promise<Value | Fault>,
): Promise<Value | Fault> => {
  const wire = openWire(line, signal);
  try {
    return (await wire.up(OPEN_MS)) ?? (await use(wire));
  } finally {
    wire.end();
    await line.close();
  }
};

/** A transfer that was broken off can't go on: it begins anew, so often. */
const MOST_TRANSFERS = 3;

const load = async (
  image: Uint8Array,
  transfer: Parameters<typeof sendImage>[1],
  model: SettledModel,
): Promise<Fault | undefined> => {
  if (image.length === 0) return fault('device', 'the firmware is empty');
  const { wire } = transfer;
  const { start, run } = model.commands;
  for (let tries = 1; ; tries++) {
    const failed =
      (await enterBootloader(wire, model)) ??
      (start === undefined ? undefined : await wire.send(bytesOf(start)));
    if (failed !== undefined) return failed;
    const sent = await sendImage(image, transfer);
    if (!isFault(sent)) break;
    // Noise can end one. A line that is down or a device that is mute can't be helped by haste.
    if (sent.fault !== 'transmission' || tries === MOST_TRANSFERS) return sent;
  }
  const unsent = run === undefined ? undefined : await wire.send(bytesOf(run));
  return unsent ?? untilItRuns(wire, model);
};
