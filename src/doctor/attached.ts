import type { AttachedDevice } from '#ports/devices.ts';
import type { Finding } from '#ports/finding.ts';
import { finding } from './say.ts';

/** Devices that terminal.json names, by how they are attached. */
export type Attachment = 'serial' | 'hid' | 'printer';

/** The worst of these devices is named; where all are well, each by its place. */
export const attachedFinding = (check: Attachment, devices: readonly AttachedDevice[]): Finding => {
  if (devices.length === 0) return finding(check, 'notUsed');
  for (const one of devices) {
    const { health } = one;
    if (health.health !== 'absent') continue;
    return finding(check, 'absent', { device: nameOf(one), why: health.why.detail });
  }
  for (const one of devices) {
    const { health } = one;
    if (health.health !== 'attention') continue;
    return finding(check, 'attention', { device: nameOf(one), why: health.detail });
  }
  return finding(check, 'well', { devices: devices.map(nameOf).join(', ') });
};

const KINDS: Readonly<Record<AttachedDevice['kind'], string>> = {
  scanner: 'scanner',
  printer: 'printer',
  lineDisplay: 'line display',
  cardReader: 'card reader',
  customerDisplay: 'display',
  unused: 'device',
};

const nameOf = ({ kind, place, name }: AttachedDevice): string =>
  [KINDS[kind], place, name].filter((word) => word !== '').join(' ');
