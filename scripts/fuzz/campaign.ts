import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMalformed } from '#bytes/malformed.ts';
import { isConfigProblem } from '#config/problem.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { parseTranscript, type Replay, replay } from '#transcript/index.ts';
import type { Transcript } from '#transcript/transcript.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { damages, type Thoroughness } from './damage.ts';
import { foundation } from './oracle.ts';

export interface CampaignReport {
  readonly taps: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

/** All transcripts below a folder, as paths. */
export const transcriptsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tap'))
    .sort()
    .map((file) => join(folder, file));

/** Replays a recorded tap once for each way of damaging it, and judges what comes out. */
export const campaign = (file: string, how: Thoroughness): CampaignReport => {
  const transcript = readTranscript(file);
  const reader = readerOf(transcript, file);
  const honest = run(transcript, reader);
  const believed = new Set<string>();
  const outcomes = new Map<string, number>();
  const failures: string[] = [];
  let taps = 0;
  for (const damaged of damages(transcript, how)) {
    taps += 1;
    try {
      const played = run(damaged, reader);
      const outcome = played.end.end === 'outcome' ? played.end.outcome.outcome : played.end.end;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome === 'approved' && groundOf(played) !== groundOf(honest)) {
        believed.add(`${file}, damage ${taps}: approved offline on altered ground`);
      }
    } catch (error) {
      failures.push(`${file}, damage ${taps}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  // A card that was refused for one flipped bit of its own is mended by the damage that flips it
  // back. That happens once; a forgery that can be believed, more often.
  const mended = !isApproved(honest) && believed.size === 1;
  if (!mended) failures.push(...believed);
  return { taps, outcomes, failures };
};

const isApproved = ({ end }: Replay): boolean =>
  end.end === 'outcome' && end.outcome.outcome === 'approved';

const readTranscript = (file: string): Transcript => {
  const transcript = parseTranscript(readFileSync(file, 'utf8'));
  if (isMalformed(transcript)) throw new Error(`${file}: ${transcript.problem}`);
  return transcript;
};

const readerOf = ({ config }: Transcript, file: string): ReaderConfiguration => {
  const name = config.includes('/') ? join(dirname(file), config) : config;
  const loaded = loadConfiguration(name.includes('/') ? `./${name}` : name);
  if (isConfigProblem(loaded)) throw new Error(`${file}: ${loaded.file} ${loaded.key}`);
  return loaded.contactless;
};

// Any order: after a fault the card is selected again, and answers as before.
const run = (transcript: Transcript, reader: ReaderConfiguration): Replay =>
  replay(transcript, reader, { order: 'any', microseconds: () => 0 });

const groundOf = ({ exchanges }: Replay): string =>
  foundation(
    exchanges.map(({ exchange }) => ({
      command: exchange.command,
      answer: 'response' in exchange ? exchange.response : 'timeout',
    })),
  );
