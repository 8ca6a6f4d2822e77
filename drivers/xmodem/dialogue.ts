import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Commands, SettledModel } from './models.ts';
import type { Wire } from './wire.ts';

/** What a device says that it runs. */
export type Running = { readonly version: string } | 'bootloader';

/** Asks a device for its version, and knows a bootloader by its word or by the "C" of XMODEM. */
export const askVersion = async (
  wire: Wire,
  { commands, answerMs }: Pick<SettledModel, 'commands' | 'answerMs'>,
): Promise<Running | Fault> => {
  wire.purge();
  const unsent = await wire.send(bytesOf(commands.version));
  if (unsent !== undefined) return unsent;
  return listen(wire, answerMs, (text) => runningIn(text, commands));
};

/** Brings a device into its bootloader; one that is there already is left as it is. */
export const enterBootloader = async (
  wire: Wire,
  model: SettledModel,
): Promise<Fault | undefined> => {
  const before = await askVersion(wire, model);
  if (before === 'bootloader') return undefined;
  // One that doesn't answer may still understand, and one that we lost must come back first.
  if (isFault(before) && before.fault !== 'timeout') return before;
  const { commands, enterMs } = model;
  wire.purge();
  const unsent = await wire.send(bytesOf(commands.enter));
  if (unsent !== undefined) return unsent;
  return untilAnswer(wire, model, enterMs, (running) => running === 'bootloader', {
    late: 'the device does not come up in its bootloader',
  });
};

/** Waits until the device runs its firmware again. */
export const untilItRuns = (wire: Wire, model: SettledModel): Promise<Fault | undefined> =>
  untilAnswer(wire, model, model.bootMs, (running) => running !== 'bootloader', {
    late: 'the device has taken the firmware and does not run it',
  });

/** A byte for each character: commands may hold any byte. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

// A device that restarts may leave the bus, answers late, and loses what is said to it meanwhile:
// it is asked again and again.
const untilAnswer = async (
  wire: Wire,
  model: SettledModel,
  withinMs: number,
  isIt: (running: Running) => boolean,
  { late }: { readonly late: string },
): Promise<Fault | undefined> => {
  const deadline = performance.now() + withinMs;
  let last: string | undefined;
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) return fault('device', last === undefined ? late : `${late}: ${last}`);
    const down = await wire.up(left);
    if (down?.fault === 'aborted') return down;
    if (down !== undefined) continue;
    const answerMs = Math.min(model.answerMs, Math.max(left, 1));
    const running = await askVersion(wire, { ...model, answerMs });
    if (isFault(running)) {
      if (running.fault === 'aborted') return running;
      last = running.detail;
    } else if (isIt(running)) return undefined;
    else last = 'it is still in the state before';
    // A fault comes at once: give the line time to be seen going down.
    if (isFault(running) && running.fault === 'device') await pause(wire);
    else if (!isFault(running)) await pause(wire);
  }
};

const PAUSE_MS = 200;

const pause = async (wire: Wire): Promise<void> => {
  await wire.receive(PAUSE_MS);
};

const MOST_CHARACTERS = 4096;

const listen = async (
  wire: Wire,
  withinMs: number,
  look: (text: string) => Running | undefined,
): Promise<Running | Fault> => {
  const deadline = performance.now() + withinMs;
  let text = '';
  for (;;) {
    const found = look(text);
    if (found !== undefined) return found;
    const bytes = await wire.receive(deadline - performance.now());
    if (isFault(bytes)) return bytes;
    if (bytes === 'silence') return text === '' ? SILENT : UNKNOWN;
    text = `${text}${Buffer.from(bytes).toString('latin1')}`.slice(-MOST_CHARACTERS);
  }
};

const SILENT = fault('timeout', 'the device does not answer: speed, cable, and is it switched on?');
const UNKNOWN = fault('timeout', 'the device answers, and not as its model does: check "commands"');

const runningIn = (text: string, commands: Commands): Running | undefined => {
  const { versionAnswer, bootloaderAnswer } = commands;
  const version = new RegExp(versionAnswer).exec(text);
  if (version !== null) return { version: printable(version[1] ?? version[0]) };
  if (bootloaderAnswer !== undefined && new RegExp(bootloaderAnswer).test(text)) {
    return 'bootloader';
  }
  // A receiver of XMODEM says nothing else.
  return /^C+$/.test(text) ? 'bootloader' : undefined;
};

const printable = (text: string): string =>
  text
    .replaceAll(/[^!-~ ]/g, '')
    .trim()
    .slice(0, 64);
