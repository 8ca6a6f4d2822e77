import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a card keeps while it has no power: above all its application transaction counter. */
export interface AtcStore {
  /** The last counter used; 0 for a card that was never tapped. */
  load(): number;
  /** Keeps a counter before the card uses it. Throws when it can't: the card then refuses. */
  save(atc: number): void;
  /** Whether a device has asked for its holder at an earlier tap, and had no payment since. */
  holderAsked(): boolean;
  noteHolderAsked(asked: boolean): void;
}

/** Forgets with the process. */
export const memoryStore = (start = 0): AtcStore => {
  let counter = start;
  let holderAsked = false;
  return {
    load: () => counter,
    save(atc) {
      counter = atc;
    },
    holderAsked: () => holderAsked,
    noteHolderAsked(asked) {
      holderAsked = asked;
    },
  };
};

/**
 * FOLDER/NAME.atc, a decimal number in a text file, replaced in one step: a card that is torn away,
 * or whose process is killed, finds the old counter or the new one. Makes the folder. A file that
 * isn't there, or holds no counter, is a card never tapped. FOLDER/NAME.asked exists while a device
 * waits for its holder.
 */
export const fileStore = (folder: string, name: string): AtcStore => {
  const file = join(folder, `${name}.atc`);
  const asked = join(folder, `${name}.asked`);
  return {
    load() {
      try {
        const text = readFileSync(file, 'utf8').trim();
        return /^\d{1,5}$/.test(text) ? Math.min(Number(text), 0xffff) : 0;
      } catch {
        return 0;
      }
    },
    save(atc) {
      mkdirSync(folder, { recursive: true });
      const next = `${file}.${process.pid}`;
      writeFileSync(next, `${atc}\n`);
      renameSync(next, file);
    },
    holderAsked: () => existsSync(asked),
    noteHolderAsked(now) {
      if (now === existsSync(asked)) return;
      if (!now) rmSync(asked, { force: true });
      else {
        mkdirSync(folder, { recursive: true });
        writeFileSync(asked, '');
      }
    },
  };
};
