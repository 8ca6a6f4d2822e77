import { type ConfigProblem, configProblem } from '../problem.ts';
import { type ConfigStep, steps as shipped, type Wording } from './steps.ts';

/** The format that a release with these steps reads without a step, and writes. */
export const presentFormat = (steps: readonly ConfigStep[] = shipped): number =>
  Math.max(1, ...steps.map(({ to }) => to));

export interface Migrated {
  /** As the present format has it, without its "format". */
  readonly wording: Wording;
  /** The format that it was written in. */
  readonly from: number;
}

/**
 * Brings what a terminal.json holds from its own format to this release's, in memory. The file
 * stays as the shop wrote it, so that an earlier release still reads it after a way back. A problem
 * where the file is of a later format, or says none that there can be.
 * @param name of the file, for the problem
 */
export const migrated = (
  name: string,
  { format = 1, ...written }: Wording,
  steps: readonly ConfigStep[] = shipped,
): Migrated | ConfigProblem => {
  const present = presentFormat(steps);
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) {
    return configProblem(name, 'format', `a whole number from 1 to ${present}`, inWords(format));
  }
  if (format > present) {
    const known = `at most ${present}, the latest that this release knows (use a later release, `;
    const advice = 'or the folder that the later format was made from)';
    return configProblem(name, 'format', known + advice, inWords(format));
  }
  const due = steps.filter(({ to }) => to > format).toSorted((a, b) => a.to - b.to);
  const wording = due.reduce((before, { change }) => change(structuredClone(before)), written);
  return { wording, from: format };
};

const inWords = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
