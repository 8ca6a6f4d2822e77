import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { splitResponse } from '#apdu/response.ts';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { bookOfKernel, explainStatusWord, explainTlvs } from '#data/explain/index.ts';
import { maskValue } from '#data/mask.ts';
import { commandName } from '#terminal/stopwatch.ts';
import {
  type Check,
  type Expectation,
  expectationText,
  type Order,
  parseTranscript,
  type Replay,
  type ReplayEnd,
  type ReplayedExchange,
  redactedOutcome,
  replay,
  resultJson,
  type Transcript,
  unexpectedText,
} from '#transcript/index.ts';
import { fail, say } from './exit.ts';
import { colourless, textOf } from './explain-text.ts';
import { loadConfiguration } from './load-configuration.ts';

export interface ReplayCommandOptions {
  readonly order: Order;
  readonly json?: boolean;
  readonly showAccountData?: boolean;
}

/** What `countertap replay` ends with. */
export const replayExit = { holds: 0, differs: 1, unreadable: 2 } as const;
export type ReplayExit = (typeof replayExit)[keyof typeof replayExit];

/** `countertap replay FILE…`: the worst of its files decides the exit status. */
export const replayCommand = (
  files: readonly string[],
  options: ReplayCommandOptions,
): ReplayExit => {
  let worst: ReplayExit = replayExit.holds;
  for (const file of files) {
    const one = replayFile(file, options, files.length > 1);
    if (one > worst) worst = one;
  }
  return worst;
};

const replayFile = (file: string, options: ReplayCommandOptions, named: boolean): ReplayExit => {
  const transcript = readTranscript(file);
  if (typeof transcript === 'string') return unreadable(`${file}: ${transcript}`);
  const configuration = loadConfiguration(configurationOf(transcript.config, file));
  if (isConfigProblem(configuration)) return unreadable(describeConfigProblem(configuration));
  const run = replay(transcript, configuration.contactless, {
    order: options.order,
    microseconds: () => performance.now() * 1000,
  });
  if (!options.json) say(runText(file, run, options, named));
  say(JSON.stringify(resultJson(resultOf(run, options))));
  const holds = run.end.end !== 'unexpectedCommand' && run.checks.every((one) => one.holds);
  return holds ? replayExit.holds : replayExit.differs;
};

// For people it is masked like everything above it; for machines it is exact.
const resultOf = ({ end }: Replay, { json, showAccountData }: ReplayCommandOptions): ReplayEnd =>
  end.end === 'outcome' && !json && !showAccountData
    ? { ...end, outcome: redactedOutcome(end.outcome) }
    : end;

const unreadable = (message: string): ReplayExit => {
  fail(message);
  return replayExit.unreadable;
};

const readTranscript = (file: string): Transcript | string => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const transcript = parseTranscript(text);
  if (!isMalformed(transcript)) return transcript;
  const { path, problem } = transcript;
  return [...path, problem].join(': ');
};

// A path is meant from where the transcript lies, else from here.
const configurationOf = (config: string, file: string): string => {
  if (!config.includes('/') || isAbsolute(config)) return config;
  const beside = join(dirname(file), config);
  return existsSync(beside) ? `${dirname(file)}/${config}` : config;
};

const runText = (
  file: string,
  run: Replay,
  options: ReplayCommandOptions,
  named: boolean,
): string => {
  return [
    ...(named ? [`--- ${file}`] : []),
    ...run.exchanges.flatMap((one) => [exchangeText(one, options), '']),
    ...(run.end.end === 'unexpectedCommand'
      ? [`unexpected command: ${unexpectedText(run.end)}`]
      : []),
    ...(run.left > 0 ? [`${run.left} exchanges of the transcript were not played`] : []),
    ...run.checks.map((one) => checkText(one, options)),
    `the terminal itself took ${Math.round(run.ownMicroseconds)} µs`,
  ].join('\n');
};

const exchangeText = (
  { exchange, ownMicroseconds, kernelId = '' }: ReplayedExchange,
  { showAccountData = false }: ReplayCommandOptions,
): string => {
  const { command } = exchange;
  const book = bookOfKernel(kernelId.replace(/^0/, ''));
  const own = `terminal ${Math.round(ownMicroseconds)} µs`;
  const card =
    'microseconds' in exchange && exchange.microseconds !== undefined
      ? `, card ${exchange.microseconds} µs`
      : '';
  const head = `${commandName(command)} (${own}${card})\n> ${toHex(command)}`;
  if ('fault' in exchange) return `${head}\n! ${exchange.fault}`;
  const { data, sw } = splitResponse(exchange.response);
  const explained = explainTlvs(data, { book, showAccountData });
  const objects = [...explained.objects, explainStatusWord(sw, book)];
  return `${head}\n${textOf({ ...explained, objects }, { all: false, style: colourless })}`;
};

const checkText = (one: Check, options: ReplayCommandOptions): string => {
  const wanted = shown(one.expectation, options);
  if (one.holds) return `holds    = ${wanted}`;
  return `DIFFERS  = ${wanted}; found ${one.found ? shown(one.found, options) : 'nothing'}`;
};

const shown = (one: Expectation, { showAccountData }: ReplayCommandOptions): string =>
  'tag' in one && !showAccountData
    ? `${expectationText({ ...one, value: new Uint8Array(0) })} ${maskValue(one.tag, one.value)}`
    : expectationText(one);
