import { get } from 'node:http';
import type { Terminal } from '#terminal/types.ts';
import type { Known } from '#upkeep/index.ts';
import type { CounterWatch } from './counter-watch.ts';

/** What a release is judged by, in its probation. */
export interface Vitals {
  readonly status: Terminal['status'];
  readonly uplink: CounterWatch['uplink'];
  readonly displayUrl: string;
  /** Whether the terminal signs on, so that a host that is there has answered something. */
  readonly signsOn: boolean;
}

type Facts = NonNullable<Known['before']>;

/** What is there now, for the next release to be measured by. */
export const factsOf = (vitals: Vitals): Facts => {
  const { readerPresent, journalRefusal } = vitals.status();
  return {
    reader: readerPresent,
    host: silenceOfHost(vitals) === undefined,
    journal: journalRefusal === undefined,
  };
};

/**
 * Why this release isn't what it should be, in a sentence. What was missing before it came, or may
 * have been, it can't be blamed for.
 */
export const complaintOf = async (
  vitals: Vitals,
  { reader, host, journal }: Facts = { reader: false, host: false, journal: true },
): Promise<string | undefined> => {
  const status = vitals.status();
  if (journal && status.journalRefusal !== undefined) return `journal: ${status.journalRefusal}`;
  if (reader && !status.readerPresent) return `no reader is found: ${status.reader}`;
  const silence = host ? silenceOfHost(vitals) : undefined;
  if (silence !== undefined) return silence;
  return displayProblem(vitals.displayUrl);
};

const silenceOfHost = ({ uplink, signsOn }: Vitals): string | undefined => {
  const state = uplink();
  if (state === undefined) return 'the host has not been asked yet';
  const { link, hostAnswers } = state;
  if (link.link === 'down') return `the host can not be reached: ${link.why.detail}`;
  if (hostAnswers === false) return 'the host answers nothing that it is sent';
  return hostAnswers === undefined && signsOn ? 'the host has not answered yet' : undefined;
};

const displayProblem = (url: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const asked = get(url, { timeout: DISPLAY_MS, agent: false }, (answer) => {
      answer.resume();
      const { statusCode } = answer;
      resolve(statusCode === 200 ? undefined : `the display answers ${statusCode}`);
    });
    asked.on('timeout', () => asked.destroy(new Error('it answers nothing')));
    asked.on('error', ({ message }) => resolve(`the display is not served: ${message}`));
  });

const DISPLAY_MS = 5_000;
