import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { isConfigProblem } from '#config/problem.ts';
import { expectationText, parseTranscript, printTranscript, replay } from '#transcript/index.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const FOLDER = fileURLToPath(new URL('../transcripts', import.meta.url));

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tap'))
  .sort();

const read = (file: string) => {
  const transcript = parseTranscript(readFileSync(join(FOLDER, file), 'utf8'));
  if (isMalformed(transcript)) throw new Error(`${transcript.path} ${transcript.problem}`);
  const { config } = transcript;
  const beside = join(FOLDER, dirname(file), config);
  const configuration = loadConfiguration(
    config.includes('/') && existsSync(beside) ? beside : config,
  );
  if (isConfigProblem(configuration)) throw new Error(`${configuration.file} ${configuration.key}`);
  return { transcript, reader: configuration.contactless };
};

describe('every transcript in test/transcripts holds', () => {
  test('and there are some', () => {
    expect(files.length).toBeGreaterThan(2);
  });

  test.each(files)('%s', (file) => {
    const { transcript, reader } = read(file);
    const run = replay(transcript, reader, { order: 'strict', microseconds: () => 0 });
    expect(run.checks.length).toBeGreaterThan(0);
    expect(
      run.checks.filter(({ holds }) => !holds).map((one) => expectationText(one.expectation)),
    ).toEqual([]);
    expect([run.end.end, run.left]).toEqual(['outcome', 0]);
  });

  test.each(files)('%s, its commands in any order', (file) => {
    const { transcript, reader } = read(file);
    const shuffled = { ...transcript, exchanges: transcript.exchanges.toReversed() };
    const apart = new Set(transcript.exchanges.map(({ command }) => command.join())).size;
    // A command that was answered differently twice can only be told by its place.
    const used = apart === transcript.exchanges.length ? shuffled : transcript;
    const run = replay(used, reader, { order: 'any', microseconds: () => 0 });
    expect(run.checks.every(({ holds }) => holds)).toBe(true);
  });

  test.each(files)('%s is written as we write it', (file) => {
    expect(printTranscript(read(file).transcript)).toBe(readFileSync(join(FOLDER, file), 'utf8'));
  });
});
