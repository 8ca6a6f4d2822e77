import { fromHex } from '#bytes/hex.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { parseExpectation } from './parse-expectation.ts';
import { type Header, parseHeader, wholeHeader } from './parse-header.ts';
import {
  type Exchange,
  type Expectation,
  TRANSCRIPT_FAULTS,
  type Transcript,
} from './transcript.ts';

/** Reads a transcript file; what is malformed names its line: "line 7". */
export const parseTranscript = (text: string): Transcript | Malformed => {
  const reading: Reading = {
    about: [],
    header: { overrides: new Map(), keys: [] },
    exchanges: [],
    expectations: [],
    command: undefined,
  };
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const problem = readLine(reading, raw);
    if (problem !== undefined) return malformed([`line ${index + 1}`], 0, problem);
  }
  if (reading.command !== undefined) {
    return malformed([`line ${reading.command.line}`], 0, 'the last command has no answer');
  }
  const header = wholeHeader(reading.header);
  if (typeof header === 'string') return malformed([], 0, header);
  const { about, exchanges, expectations } = reading;
  return { about, ...header, exchanges, expectations };
};

interface Reading {
  readonly about: string[];
  readonly header: Header;
  readonly exchanges: Exchange[];
  readonly expectations: Expectation[];
  /** A command whose answer has not come yet. */
  command: { readonly bytes: Uint8Array; readonly line: number } | undefined;
  line?: number;
}

// Undefined: the line is in order. Otherwise what is wrong with it.
const readLine = (reading: Reading, raw: string): string | undefined => {
  reading.line = (reading.line ?? 0) + 1;
  const comment = /^\s*#\s?(.*?)\s*$/.exec(raw);
  if (comment !== null) {
    if (isFirst(reading)) reading.about.push(comment[1] ?? '');
    return undefined;
  }
  // A comment may also stand behind the content, after a blank.
  const line = raw.replace(/\s#.*$/, '').trim();
  if (line === '') return undefined;
  const rest = line.slice(1).trim();
  switch (line[0]) {
    case '>':
      return readCommand(reading, rest);
    case '<':
      return readResponse(reading, rest);
    case '!':
      return readFault(reading, rest);
    case '=': {
      const expectation = parseExpectation(rest);
      if (typeof expectation === 'string') return expectation;
      reading.expectations.push(expectation);
      return undefined;
    }
    default:
      return reading.exchanges.length > 0 || reading.command !== undefined
        ? 'neither >, <, ! nor =, and the header ended above'
        : parseHeader(reading.header, line);
  }
};

const isFirst = ({ header, exchanges, expectations, command }: Reading): boolean =>
  Object.keys(header).length === 2 &&
  header.overrides.size + header.keys.length + exchanges.length + expectations.length === 0 &&
  command === undefined;

const readCommand = (reading: Reading, rest: string): string | undefined => {
  if (reading.command !== undefined) return 'the command above has no answer';
  const bytes = fromHex(rest);
  if (bytes === undefined || bytes.length < 4) return 'expected a C-APDU in hexadecimal';
  reading.command = { bytes, line: reading.line ?? 0 };
  return undefined;
};

const readResponse = (reading: Reading, rest: string): string | undefined => {
  if (reading.command === undefined) return 'an answer without a command';
  const match = /^([0-9A-Fa-f\s]*?)(?:\s*@(\d{1,9})us)?$/.exec(rest);
  const response = fromHex(match?.[1] ?? 'none');
  if (response === undefined || response.length < 2) {
    return 'expected an R-APDU in hexadecimal, with its time as @5200us if it matters';
  }
  const time = match?.[2];
  reading.exchanges.push({
    command: reading.command.bytes,
    response,
    ...(time === undefined ? {} : { microseconds: Number(time) }),
  });
  reading.command = undefined;
  return undefined;
};

const readFault = (reading: Reading, rest: string): string | undefined => {
  if (reading.command === undefined) return 'a fault without a command';
  const fault = TRANSCRIPT_FAULTS.find((one) => one === rest);
  if (fault === undefined) return `expected one of ${TRANSCRIPT_FAULTS.join(', ')}`;
  reading.exchanges.push({ command: reading.command.bytes, fault });
  reading.command = undefined;
  return undefined;
};
