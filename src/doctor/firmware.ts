import type { Finding } from '#ports/finding.ts';
import { finding } from './say.ts';

/** What is noted of a peripheral's firmware, without asking it. */
export interface NotedFirmware {
  /** The peripheral's name in the configuration. */
  readonly name: string;
  /** Undefined when nothing was ever noted of it. */
  readonly note:
    | {
        /** Of the latest transfer; what it runs when that ended well. */
        readonly version: string;
        readonly underWay: boolean;
        /** That didn't end well. */
        readonly tries: number;
      }
    | undefined;
}

/**
 * The worst of these peripherals is named; where all are well, each with its version.
 * @param mostTries after which firmware is left alone
 * @param isLoading whether the running terminal is at it just now
 */
export const firmwareFinding = (
  noted: readonly NotedFirmware[],
  { mostTries, isLoading }: { readonly mostTries: number; readonly isLoading: boolean },
): Finding => {
  if (noted.length === 0) return finding('firmware', 'notUsed');
  const peripherals = noted.map(words).join(', ');
  if (isLoading) return finding('firmware', 'loading', { peripherals });
  const worst = noted.toSorted((one, other) => badness(other) - badness(one))[0];
  if (worst?.note === undefined || badness(worst) === 0) {
    return finding('firmware', 'well', { peripherals });
  }
  const { version, tries, underWay } = worst.note;
  const known = { peripheral: worst.name, version };
  if (tries >= mostTries) return finding('firmware', 'givenUp', { ...known, tries });
  if (underWay) return finding('firmware', 'unfinished', known);
  return finding('firmware', 'failed', { ...known, tries });
};

// One that waits in its bootloader before one that runs something older.
const badness = ({ note }: NotedFirmware): number =>
  note === undefined ? 0 : note.tries * 2 + (note.underWay ? 1 : 0);

const words = ({ name, note }: NotedFirmware): string => {
  if (note === undefined) return `${name}: not known yet`;
  const isWell = !note.underWay && note.tries === 0;
  return isWell ? `${name} runs ${note.version}` : `${name}: ${note.version} is not loaded yet`;
};
