import { resolve } from 'node:path';
import { finding, slotsFinding } from '#doctor/index.ts';
import { machineDisk } from '#drivers/disk/index.ts';
import type { Probe } from '#ports/finding.ts';
import { isRefusal, readState } from '#upkeep/index.ts';
import { VERSION } from '../version.ts';

/** How the last update ended, by what is on the disk. */
export const slotsProbe =
  (root = process.env['COUNTERTAP_ROOT']): Probe =>
  async () => {
    if (!root) return finding('update', 'checkout', { version: VERSION });
    const state = await readState(machineDisk, resolve(root));
    if (state === 'absent') {
      return finding('update', 'unreadable', { why: `${root} has no state of its slots` });
    }
    if (isRefusal(state)) return finding('update', 'unreadable', { why: state.detail });
    const { current, phase, reason, slots } = state;
    const { version = VERSION, starts = 0 } = slots[current] ?? {};
    return slotsFinding({ version, phase, reason, starts });
  };
