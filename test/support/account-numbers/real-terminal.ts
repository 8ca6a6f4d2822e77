import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { call } from '#drivers/control/index.ts';
import { isCardFileProblem } from '#drivers/simulated/card/card-file.ts';
import { readCardFile } from '#drivers/simulated/card/read-card-file.ts';
import { CARD_FOLDER } from '#drivers/simulated/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { type Finished, freePort } from '#test/support/running-terminal.ts';
import { talkative } from './cards.ts';
import type { TestAccount } from './numbers.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const COUNTERTAP = join(ROOT, 'scripts', 'countertap');
const PRELOADED = join(import.meta.dirname, 'other-cards.ts');

/** The real process, with emulated cards under the test's accounts: "number-0", "number-1"… */
export interface RealTerminal {
  readonly state: string;
  /** Everything that it and its commands wrote to standard output and error, and its display. */
  readonly said: string[];
  start(): Promise<void>;
  /** A payment with one of the cards; what the control socket said goes to `said`. */
  pay(card: string, request?: Readonly<Record<string, string | number>>): Promise<ControlLine>;
  ask(request: ControlLine): Promise<ControlLine>;
  /** A till's message of this category; the answer, and what tills are told, go to `said`. */
  nexo(category: string, body: object): Promise<string>;
  /** The same, with one of the cards held there meanwhile. */
  nexoWithCard(card: string, category: string, body: object): Promise<string>;
  countertap(...words: readonly string[]): Promise<Finished>;
  end(signal: NodeJS.Signals): Promise<void>;
  remove(): void;
}

export const realTerminal = async (accounts: readonly TestAccount[]): Promise<RealTerminal> => {
  const said: string[] = [];
  const { state, config, url, tillPort } = await newState();
  const cards = cardsIn(accounts);
  const env = {
    ...process.env,
    NODE_OPTIONS: `--import ${PRELOADED}`,
    COUNTERTAP_OTHER_CARDS: cards,
  };
  let child: ChildProcessWithoutNullStreams | undefined;
  const note = (chunk: Buffer): void => void said.push(chunk.toString('utf8'));
  const socket = join(state, 'run', 'countertap.sock');
  const run = (words: readonly string[]) => {
    const started = spawn(COUNTERTAP, ['--state', state, ...words], { env, stdio: 'pipe' });
    started.stdout.on('data', note);
    started.stderr.on('data', note);
    return started;
  };
  const ask = async (request: ControlLine): Promise<ControlLine> => {
    const line = (one: object) => said.push(JSON.stringify(one));
    const answer = await call(socket, request, line);
    line(answer);
    return answer as ControlLine;
  };
  const nexo = async (category: string, body: object): Promise<string> => {
    const answer = await post(tillPort, messageOf(category, body));
    said.push(answer);
    return answer;
  };
  return {
    state,
    said,
    nexo,
    nexoWithCard: async (card, category, body) => {
      const asking = nexo(category, body);
      // Until it has been read: with the first till much is loaded.
      void ask({ op: 'tap', card });
      return asking;
    },
    start: async () => {
      const started = run(['run', '--config', config, ...READER_AND_LOG]);
      child = started;
      await untilReady(started, said);
      void watchDisplay(url, said);
    },
    ask,
    pay: async (card, request = {}) => {
      const paying = ask({ op: 'sale', amountMinor: 1250, currency: 840, ...request });
      await ask({ op: 'tap', card, holdMs: 40 });
      return paying;
    },
    countertap: async (...words) => {
      const started = run(words);
      return finished(started);
    },
    end: async (signal) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
    remove: () => {
      rmSync(state, { recursive: true, force: true });
      rmSync(cards, { recursive: true, force: true });
    },
  };
};

const READER_AND_LOG = ['--reader', 'in-process', '--log-level', 'debug'];

const messageOf = (category: string, body: object): string =>
  JSON.stringify({
    SaleToPOIRequest: {
      MessageHeader: {
        ...{ ProtocolVersion: '3.0', MessageClass: 'Service', MessageCategory: category },
        ...{ MessageType: 'Request', SaleID: 'till-1', ServiceID: `${++asked}`, POIID: POI_ID },
      },
      [`${category}Request`]: body,
    },
  });

let asked = 0;
const POI_ID = 'numbers-1';

const post = (port: number, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/nexo/', method: 'POST' };
    const asking = request({ ...options, rejectUnauthorized: false }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve(Buffer.concat(parts).toString());
    });
    asking.once('error', reject).end(body);
  });

const newState = async () => {
  const state = mkdtempSync(join(tmpdir(), 'countertap-real-'));
  const config = join(state, 'config');
  cpSync(join(ROOT, 'config', 'base'), config, { recursive: true });
  const file = join(config, 'terminal.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.display.port = await freePort();
  settings.console = { port: await freePort() };
  const tillPort = await freePort();
  settings.till = { port: tillPort, poiId: POI_ID, plain: true };
  settings.payment = { cardTimeoutSeconds: 5, resultSeconds: 1, attempts: 1 };
  settings.host.answerWithinSeconds = 1;
  writeFileSync(file, JSON.stringify(settings));
  return { state, config, tillPort, url: `http://127.0.0.1:${settings.display.port}/` };
};

const untilReady = (process: ChildProcessWithoutNullStreams, said: readonly string[]) =>
  new Promise<void>((ready, failed) => {
    let output = '';
    process.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('ready for a tap')) ready();
    });
    process.once('exit', () => failed(new Error(said.join(''))));
  });

const finished = async (process: ChildProcessWithoutNullStreams): Promise<Finished> => {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  process.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  process.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code] = await once(process, 'close');
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
};

// Beside the state, which is searched: a card is the world's.
const cardsIn = (accounts: readonly TestAccount[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-cards-'));
  for (const [index, account] of accounts.entries()) {
    const visa = account.pan.startsWith('476173');
    const file = readCardFile(CARD_FOLDER, visa ? 'visa-plastic' : 'mastercard-phone');
    if (isCardFileProblem(file)) throw new Error(file.problem);
    const applications = file.applications.map((one) => talkative(one, account));
    mkdirSync(join(folder, `number-${index}`));
    const card = JSON.stringify({ ...file, applications });
    writeFileSync(join(folder, `number-${index}`, 'card.json'), card);
  }
  return folder;
};

const watchDisplay = async (url: string, said: string[]): Promise<void> => {
  try {
    said.push(await (await fetch(url)).text());
    const { body } = await fetch(new URL('events', url));
    if (body === null) return;
    for await (const chunk of body) said.push(Buffer.from(chunk).toString('utf8'));
  } catch {
    // The terminal ended.
  }
};
