import { randomBytes } from 'node:crypto';
import { sw } from '#apdu/status-words.ts';
import { fromHex } from '#bytes/hex.ts';
import type { AtcStore } from './atc-store.ts';
import {
  type CardFile,
  type CardFileProblem,
  isCardFileProblem,
  type KeyMaterial,
  type Moment,
} from './card-file.ts';
import { type CommandName, commandName, readCommand } from './command.ts';
import { type CardState, type CardWorld, carryOut, type Reaction } from './commands.ts';
import { type CardApplication, personalise } from './personalise.ts';
import type { PresentableCard } from './presentable-card.ts';
import { RELAY_DELAY_MS } from './relay-resistance.ts';

export interface EmulatedCard extends PresentableCard {
  readonly description: string;
  powerOn(): void;
  powerOff(): void;
  delayMs(command: Uint8Array): number;
  /** Never throws. Without power a card is silent: no bytes. */
  respond(command: Uint8Array): Uint8Array | 'mute' | 'tear';
  /** What happened since the card was made, oldest first. Holds no account data. */
  readonly activity: readonly CardActivity[];
}

export interface CardActivity {
  readonly command: CommandName;
  /** The status word it was answered with; undefined when there was no answer. */
  readonly sw: number | undefined;
}

export interface CardOptions {
  readonly store: AtcStore;
  /**
   * Whether the shopper has identified to the device before the tap. As the card file says when
   * absent; without meaning for plastic.
   */
  readonly verifiedOnDevice?: boolean;
  /** For the card's own unpredictable numbers; node:crypto's when absent. */
  readonly random?: (length: number) => Uint8Array;
}

/**
 * A card with power off, from a card file's content. The problem names the key, not the file.
 * @param keys of its keys.json, an entry an application
 */
export const emulate = (
  file: CardFile,
  keys: readonly (KeyMaterial | null)[],
  options: CardOptions,
): EmulatedCard | CardFileProblem => {
  const applications: CardApplication[] = [];
  for (const [index, content] of file.applications.entries()) {
    const application = personalise(content, keys[index] ?? null);
    if (isCardFileProblem(application)) {
      return { problem: `applications.${index}.${application.problem}` };
    }
    applications.push(application);
  }
  return cardOf(file, worldOf(applications, options), options.store);
};

/** A card's world, and what it knows of its holder since it has power. */
interface PoweredWorld extends CardWorld {
  holderVerified: boolean;
}

const cardOf = (file: CardFile, world: PoweredWorld, store: AtcStore): EmulatedCard => {
  const activity: CardActivity[] = [];
  let state: CardState | undefined;
  let received = 0;
  return {
    atr: fromHex(file.answerToReset) ?? new Uint8Array(),
    description: file.title,
    activity,
    powerOn() {
      state = { at: 'ready' };
      received = 0;
      // Asked at an earlier tap, the holder has looked at the device before this one.
      world.holderVerified = store.holderAsked();
    },
    powerOff() {
      state = undefined;
    },
    delayMs(command) {
      const relayed = state !== undefined && state.at !== 'ready' ? state.app : undefined;
      const late = relayed?.relayResistance?.relay === 'late';
      return late && commandName(command) === RELAY_COMMAND ? RELAY_DELAY_MS : 0;
    },
    respond(bytes) {
      if (state === undefined) return new Uint8Array();
      received += 1;
      const command = commandName(bytes);
      const failure = failureAt(file, command, received);
      if (failure !== undefined) {
        activity.push({ command, sw: undefined });
        return failure;
      }
      const { answer, next, asksHolder } = react(file.refuses, state, bytes, world);
      if (next !== undefined) state = next;
      if (asksHolder !== undefined) note(store, asksHolder);
      activity.push({ command, sw: answer.sw });
      return withStatus(answer.data, answer.sw);
    },
  };
};

const RELAY_COMMAND: CommandName = 'EXCHANGE RELAY RESISTANCE DATA';

const failureAt = (
  { tearAt, muteAt }: CardFile,
  command: CommandName,
  received: number,
): 'tear' | 'mute' | undefined => {
  const isNow = (moment: Moment | undefined) => moment === command || moment === received;
  if (isNow(tearAt)) return 'tear';
  return isNow(muteAt) ? 'mute' : undefined;
};

// A device that can't keep a note asks its holder again.
const note = (store: AtcStore, asksHolder: boolean): void => {
  try {
    store.noteHolderAsked(asksHolder);
  } catch {
    // Nothing is lost but a convenience.
  }
};

const worldOf = (
  applications: readonly CardApplication[],
  {
    store,
    verifiedOnDevice,
    random = (length) => new Uint8Array(randomBytes(length)),
  }: CardOptions,
): PoweredWorld => ({
  applications,
  random,
  holderVerified: false,
  isVerifiedOnDevice({ verification }) {
    if (!('onDevice' in verification)) return false;
    if (verifiedOnDevice !== undefined) return verifiedOnDevice;
    const { onDevice } = verification;
    return onDevice === 'onceAsked' ? this.holderVerified : onDevice === 'performed';
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
  'EXCHANGE RELAY RESISTANCE DATA': 0x80,
  'READ RECORD': 0x00,
  'GENERATE AC': 0x80,
  'READ DATA': 0x84,
  'WRITE DATA': 0x84,
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
  if (![0x00, 0x80, 0x84].includes(command.cla)) return { answer: { sw: sw.claNotSupported } };
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
