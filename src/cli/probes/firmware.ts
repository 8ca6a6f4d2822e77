import { finding, firmwareFinding, type NotedFirmware } from '#doctor/index.ts';
import { machineDisk } from '#drivers/disk/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Probe } from '#ports/finding.ts';
import type { Places } from '../places.ts';

/**
 * What is noted of each peripheral's firmware; no device is touched.
 * @param isLoading whether the running terminal is at it just now
 */
export const firmwareProbe =
  (
    peripherals: readonly { readonly name: string }[],
    { firmware: notes }: Pick<Places, 'firmware'>,
    isLoading: () => boolean,
  ): Probe =>
  async () => {
    if (peripherals.length === 0) return finding('firmware', 'notUsed');
    const entries = await machineDisk.list(notes);
    if (isFault(entries)) return finding('firmware', 'unreadable', { why: entries.detail });
    // A terminal without peripherals loads nothing of it.
    const { MOST_TRIES: mostTries, readNote } = await import('#upkeep/firmware/index.ts');
    const noted: NotedFirmware[] = [];
    for (const { name } of peripherals) {
      noted.push({ name, note: await readNote({ disk: machineDisk, notes }, name) });
    }
    return firmwareFinding(noted, { mostTries, isLoading: isLoading() });
  };
