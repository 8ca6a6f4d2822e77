import type { DevicesConfig } from '#config/devices-config.ts';
import { type Attachment, attachedFinding } from '#doctor/index.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import type { Probe } from '#ports/finding.ts';
import { namedAs } from '../list-devices.ts';

/**
 * Devices that terminal.json names, by how they are attached.
 * @param devices as the running terminal has them, or as they look while none runs
 */
export const attachedProbes = (
  config: DevicesConfig,
  devices: () => readonly AttachedDevice[],
): Readonly<Record<Attachment, Probe>> => {
  const named = attachments(config);
  const probe =
    (kind: Attachment): Probe =>
    async () => {
      const those = devices().filter(({ because }) => named.get(because) === kind);
      return attachedFinding(kind, those);
    };
  return { serial: probe('serial'), hid: probe('hid'), printer: probe('printer') };
};

const attachments = (config: DevicesConfig): ReadonlyMap<string, Attachment> => {
  const kinds = { serial: 'serial', hid: 'hid', file: 'printer' } as const;
  return new Map<string, Attachment>([
    ...config.scanners.map(({ kind }, at) => [namedAs('scanners', at), kinds[kind]] as const),
    ...config.printers.map(({ kind }, at) => [namedAs('printers', at), kinds[kind]] as const),
    ...config.lineDisplays.map((_, at) => [namedAs('lineDisplays', at), 'serial'] as const),
  ]);
};
