import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { HidWorld } from '#ports/hid-devices.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { type Address, findDevice } from './find.ts';
import { type Model, modelOf } from './models.ts';
import type { Answer } from './reports.ts';
import { said, type Transfer, transfer } from './transfer.ts';

export type { Address } from './find.ts';

export interface HidFirmwareOptions extends Address {
  /** As in the configuration. */
  readonly name: string;
  /** A row of models.ts. */
  readonly model: string;
  /** The machine's HID devices. */
  readonly world: HidWorld;
  readonly timing?: Partial<Pick<Model, 'answerMs' | 'slowAnswerMs' | 'restartMs'>>;
}

/** A device that takes firmware by HID reports, in the protocol of README.md. */
export const openHidFirmware = (options: HidFirmwareOptions): PeripheralFirmware | Fault => {
  const row = modelOf(options.model);
  if (isFault(row)) return row;
  const device: Device = { options, model: { ...row, ...options.timing } };
  return {
    name: options.name,
    version: async (signal) => {
      const answer = await withDevice(device, (talk) => talk.ask({ command: 'status' }, signal));
      if (isFault(answer)) return answer;
      return said(answer) ?? versionIn(answer);
    },
    load: (image, signal, progress) => load(device, image, { signal, progress }),
  };
};

interface Device {
  readonly options: HidFirmwareOptions;
  readonly model: Model;
}

const load = async (
  device: Device,
  image: Uint8Array,
  { signal, progress }: Transfer,
): Promise<Fault | undefined> => {
  if (image.length === 0) return fault('device', 'the firmware is empty');
  const failed =
    (await enterBootloader(device, signal)) ??
    (await withDevice(device, (talk) => transfer(talk, image, { signal, progress })));
  if (failed !== undefined) return failed;
  return untilMode(device, 'running', signal);
};

const enterBootloader = async (device: Device, signal: AbortSignal): Promise<Fault | undefined> => {
  const entered = await withDevice(device, async (talk) => {
    const status = await talk.ask({ command: 'status' }, signal);
    const refused = said(status);
    if (isFault(status) || refused !== undefined) return refused ?? status;
    if (status.mode === 'bootloader') return 'there';
    // It may leave the bus before its answer is through.
    const answer = await talk.ask({ command: 'enter' }, signal);
    if (isFault(answer)) return answer.fault === 'aborted' ? answer : 'entering';
    return said(answer) ?? 'entering';
  });
  if (isFault(entered)) return entered;
  return entered === 'there' ? undefined : untilMode(device, 'bootloader', signal);
};

const LOOK_EVERY_MS = 200;

// A device that restarts leaves the bus and comes back as another file, or doesn't and is mute.
const untilMode = async (
  device: Device,
  mode: Answer['mode'],
  signal: AbortSignal,
): Promise<Fault | undefined> => {
  const deadline = performance.now() + device.model.restartMs;
  let last = '';
  while (performance.now() < deadline) {
    if (signal.aborted) return fault('aborted', 'the transfer was ended');
    const status = await withDevice(device, (talk) => talk.ask({ command: 'status' }, signal));
    if (!isFault(status) && status.result === 'ok' && status.mode === mode) return undefined;
    last = isFault(status) ? status.detail : 'it is still in the state before';
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  const late =
    mode === 'running'
      ? 'the device has taken the firmware and does not run it'
      : 'the device does not come up in its bootloader';
  return fault('device', `${late}: ${last}`);
};

const withDevice = async <Value>(
  { options, model }: Device,
  use: (talk: Conversation) => Promise<Value | Fault>,
): Promise<Value | Fault> => {
  const found = await findDevice(options.world, options, model.usagePage);
  if (isFault(found)) return found;
  const talk = await openConversation(options.world, found, model);
  if (isFault(talk)) return talk;
  try {
    return await use(talk);
  } finally {
    await talk.close();
  }
};

const versionIn = ({ mode, detail }: Answer): string => {
  if (mode === 'bootloader') return 'bootloader';
  const end = detail.indexOf(0);
  const text = Buffer.from(end < 0 ? detail : detail.subarray(0, end)).toString('latin1');
  return text.replaceAll(/[^!-~ ]/g, '').trim();
};
