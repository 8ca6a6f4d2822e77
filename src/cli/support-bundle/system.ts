import { readdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, loadavg, release, uptime, version } from 'node:os';
import { join } from 'node:path';
import { megabytes } from '#doctor/index.ts';
import type { Collected } from '#support-bundle/index.ts';
import { machineDevices } from '../opening/machine-devices.ts';
import type { Places } from '../places.ts';

/** The machine: kernel, system, what is plugged in, room and memory. No names of people or nets. */
export const systemParts = async ({ state }: Places, root = '/'): Promise<Collected> => {
  const read = (path: string) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return '';
    }
  };
  const lines = (text: string, wanted: RegExp) =>
    text.split('\n').filter((line) => wanted.test(line));
  const facts = {
    kernel: `${release()} ${version()}`,
    model: read('proc/device-tree/model').replaceAll('\0', '') || cpus()[0]?.model,
    cores: cpus().length,
    load: loadavg().map((one) => one.toFixed(2)),
    upHours: Math.round(uptime() / 3600),
    os: lines(read('etc/os-release'), /^(PRETTY_NAME|VERSION_ID|ID)=/),
    memory: lines(read('proc/meminfo'), /^(MemTotal|MemAvailable|Swap(Total|Free)):/),
    modules: lines(read('proc/modules'), /^(pn533|nfc|port100|cdc_acm|usblp|ftdi|ch341|hid)/),
    disks: await Promise.all([...new Set(['/', '/tmp', state])].map(diskLine)),
    usb: usbDevices(root),
    devices: machineDevices(root),
  };
  return { parts: [{ path: 'system.json', text: `${JSON.stringify(facts, null, 2)}\n` }] };
};

const diskLine = async (path: string): Promise<string> => {
  try {
    const { bavail, blocks, bsize, ffree, files } = await statfs(path);
    const [free, total] = [megabytes(bavail * bsize), megabytes(blocks * bsize)];
    return `${path}: ${free} of ${total} MB free, ${ffree} of ${files} inodes`;
  } catch (error) {
    return `${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`;
  }
};

/** As lsusb lists them, without serial numbers. */
const usbDevices = (root: string): readonly string[] => {
  const folder = join(root, 'sys/bus/usb/devices');
  const text = (device: string, file: string) => {
    try {
      return readFileSync(join(folder, device, file), 'utf8').trim();
    } catch {
      return '';
    }
  };
  try {
    return readdirSync(folder)
      .filter((device) => text(device, 'idVendor') !== '')
      .map((device) => {
        const ids = `${text(device, 'idVendor')}:${text(device, 'idProduct')}`;
        return `${device} ${ids} ${text(device, 'manufacturer')} ${text(device, 'product')}`.trim();
      });
  } catch {
    return [];
  }
};
