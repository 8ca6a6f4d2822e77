import { sw } from '#apdu/status-words.ts';
import { fromHex } from '#bytes/hex.ts';
import type { AtcStore } from './atc-store.ts';
import { type CardFile, type CardFileProblem, isCardFileProblem } from './card-file.ts';
import { type CommandName, commandName, readCommand } from './command.ts';
import { type CardState, type CardWorld, carryOut, type Reaction } from './commands.ts';
import { type CardApplication, personalise } from './personalise.ts';
import type { PresentableCard } from './presentable-card.ts';

export interface EmulatedCard extends PresentableCard {
  readonly description: string;
  powerOn(): void;
  powerOff(): void;
  /** Never throws. Without power a card is silent: no bytes. */
  respond(command: Uint8Array): Uint8Array;
  /** What happened since the card was made, oldest first. Holds no account data. */
  readonly activity: readonly CardActivity[];
}

export interface CardActivity {
  readonly command: CommandName;
  /** The status word it was answered with. */
  readonly sw: number;
}

export interface CardOptions {
  readonly store: AtcStore;
  /**
   * Whether the shopper has identified to the device before the tap. As the card file says when
   * absent; without meaning for plastic.
   */
  readonly verifiedOnDevice?: boolean;
}

/** A card with power off, from a card file's content. The problem names the key, not the file. */
export const emulate = (file: CardFile, options: CardOptions): EmulatedCard | CardFileProblem => {
  const applications: CardApplication[] = [];
  for (const [index, content] of file.applications.entries()) {
    const application = personalise(content);
    if (isCardFileProblem(application)) {
      return { problem: `applications.${index}.${application.problem}` };
    }
    applications.push(application);
  }
  const world = worldOf(applications, options);
  const activity: CardActivity[] = [];
  let state: CardState | undefined;
  return {
    atr: fromHex(file.answerToReset) ?? new Uint8Array(),
    description: file.title,
    activity,
    powerOn() {
      state = { at: 'ready' };
    },
    powerOff() {
      state = undefined;
    },
    respond(bytes) {
      if (state === undefined) return new Uint8Array();
      const { answer, next } = react(file.refuses, state, bytes, world);
      if (next !== undefined) state = next;
      activity.push({ command: commandName(bytes), sw: answer.sw });
      return withStatus(answer.data, answer.sw);
    },
  };
};

const worldOf = (
  applications: readonly CardApplication[],
  { store, verifiedOnDevice }: CardOptions,
): CardWorld => ({
  applications,
  isVerifiedOnDevice({ verification }) {
    if (!('onDevice' in verification)) return false;
    return verifiedOnDevice ?? verification.onDevice === 'performed';
  },
  nextAtc() {
    try {
      const atc = store.load() + 1;
      // A card whose counter is used up makes no more cryptograms.
      if (atc > 0xffff) return undefined;
      store.save(atc);
      return Uint8Array.of(atc >> 8, atc & 0xff);
    } catch {
      return undefined;
    }
  },
});

const CLASSES: Readonly<Record<Exclude<CommandName, 'unknown command'>, number>> = {
  'SELECT PPSE': 0x00,
  SELECT: 0x00,
  'GET PROCESSING OPTIONS': 0x80,
  'READ RECORD': 0x00,
  'GENERATE AC': 0x80,
};

const react = (
  refuses: CardFile['refuses'],
  state: CardState,
  bytes: Uint8Array,
  world: CardWorld,
): Reaction => {
  const name = commandName(bytes);
  const refusal = refuses[name];
  if (refusal !== undefined) return { answer: { sw: Number.parseInt(refusal, 16) } };
  const command = readCommand(bytes);
  if (command === undefined) return { answer: { sw: sw.wrongLength } };
  if (command.cla !== 0x00 && command.cla !== 0x80) return { answer: { sw: sw.claNotSupported } };
  if (name === 'unknown command') return { answer: { sw: sw.insNotSupported } };
  if (command.cla !== CLASSES[name]) return { answer: { sw: sw.claNotSupported } };
  return carryOut(name, state, command, world);
};

const withStatus = (data: Uint8Array | undefined, status: number): Uint8Array => {
  const length = data?.length ?? 0;
  const bytes = new Uint8Array(length + 2);
  if (data !== undefined) bytes.set(data);
  bytes[length] = status >> 8;
  bytes[length + 1] = status & 0xff;
  return bytes;
};
