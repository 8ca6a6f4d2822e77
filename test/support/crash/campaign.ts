import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '#drivers/simulated/acquirer/books.ts';
import { listPayments, verifyFile } from '#drivers/sqlite/index.ts';
import { recordOf } from '#payment/record.ts';
import { isFault } from '#ports/fault.ts';
import type { PaymentRow } from '#ports/journal.ts';
import { type Random, randomFrom } from '#test/simulation/random.ts';
import { accountNumbers, filesIn, findAccounts } from './accounts.ts';
import { type Host, openHost } from './host.ts';
import { checkBothSides, checkTold, type Shown } from './invariants.ts';
import { faultFrom, momentFrom, type Scene, STARTING } from './moments.ts';
import { createNexoTill, type NexoTill } from './nexo-till.ts';
import { watchDisplay } from './shopper-display.ts';
import {
  countertap,
  type Life,
  newTerminal,
  startLife,
  TERMINAL_ID,
  type TerminalFolder,
} from './terminal-process.ts';
import { controlTill, LOST, note, reconcile, status, type Till, type Wish } from './till.ts';
import { CARDS, nextWish } from './wishes.ts';

export interface CampaignOptions {
  readonly seed: string;
  readonly kills: number;
  /** Keep the folder of a campaign in which nothing broke, too. */
  readonly keep: boolean;
  /** Payments are asked for by nexo, and not at the command line. */
  readonly nexo?: boolean;
  readonly say: (line: string) => void;
}

export interface Report {
  /** Every invariant that was broken, and after which kill. */
  readonly broken: readonly string[];
  readonly kills: ReadonlyMap<string, number>;
  /** Faults that the host was told to make, kills of the host, answers to the till. */
  readonly counts: ReadonlyMap<string, number>;
  /** Payments by kind and final state. */
  readonly payments: ReadonlyMap<string, number>;
  /** From process to "ready for a tap", each start. */
  readonly startMs: readonly number[];
  readonly minutes: number;
  /** Where everything lies, when it was kept. */
  readonly folder?: string;
}

/** The terminal's real process, killed again and again while a till works with it. */
export const runCampaign = async (options: CampaignOptions): Promise<Report> => {
  const startedMs = performance.now();
  const root = await mkdtemp(join(tmpdir(), 'countertap-crash-'));
  const host = await openHost(root);
  const random = randomFrom(options.seed);
  const messages = random.pick(['single', 'dual'] as const);
  options.say(`seed ${options.seed}: ${messages === 'single' ? '0200' : '0100'} for a payment`);
  const folder = await newTerminal(root, host.process, messages, options.nexo === true);
  const campaign: Campaign = {
    options,
    root,
    host,
    folder,
    random,
    till: controlTill(folder.socket),
    wishes: [],
    shown: [],
    recent: [],
    broken: [],
    kills: new Map(),
    counts: new Map(),
    startMs: [],
  };
  if (options.nexo) {
    campaign.nexo = createNexoTill({
      ...{ socket: folder.socket, port: folder.tillPort },
      say: (what) => say(campaign, what),
      count: (what) => count(campaign.counts, what),
    });
    campaign.till = campaign.nexo;
  }
  let payments: ReadonlyMap<string, number> = new Map();
  try {
    let life = await begin(campaign);
    while (killed(campaign) < options.kills && campaign.broken.length === 0) {
      await oneKill(life, campaign);
      life = await begin(campaign);
      await afterwards(campaign);
    }
    payments = await settle(life, campaign);
  } catch (error) {
    say(campaign, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    campaign.nexo?.close();
    await campaign.life?.kill();
    await host.close();
  }
  const kept = options.keep || campaign.broken.length > 0;
  if (!kept) await rm(root, { recursive: true, force: true });
  const { broken, kills, counts, startMs } = campaign;
  const minutes = (performance.now() - startedMs) / 60_000;
  const where = kept ? { folder: root } : {};
  return { broken, kills, counts, payments, startMs, minutes, ...where };
};

interface Campaign {
  readonly options: CampaignOptions;
  readonly root: string;
  readonly host: Host;
  readonly folder: TerminalFolder;
  readonly random: Random;
  till: Till;
  nexo?: NexoTill;
  readonly wishes: Wish[];
  readonly shown: Shown[];
  /** The payment that is being taken, and the one before. */
  recent: readonly Wish[];
  readonly broken: string[];
  readonly kills: Map<string, number>;
  readonly counts: Map<string, number>;
  readonly startMs: number[];
  life?: Life;
}

const killed = ({ kills }: Campaign): number => [...kills.values()].reduce((a, b) => a + b, 0);

const count = (map: Map<string, number>, what: string): void => {
  map.set(what, (map.get(what) ?? 0) + 1);
};

const say = (campaign: Campaign, what: string): void => {
  const line = `after ${killed(campaign)} kills: ${what}`;
  campaign.broken.push(line);
  campaign.options.say(`BROKEN seed ${campaign.options.seed}, ${line}`);
};

const takes = (campaign: Campaign, wish: Wish): void => {
  const [before] = campaign.recent;
  campaign.recent = before === undefined ? [wish] : [wish, before];
};

/** Starts it until it is ready; now and then it is killed before that. */
const begin = async (campaign: Campaign): Promise<Life> => {
  const { folder, kills, options, startMs } = campaign;
  for (;;) {
    const random = campaign.random.fork(`start ${killed(campaign)}`);
    const life = startLife(folder);
    campaign.life = life;
    if (startMs.length > 0 && killed(campaign) < options.kills && random.chance(0.15)) {
      // Reading the program takes the first half.
      const usual = startMs.at(-1) ?? 0;
      await sleep(random.between(Math.round(usual * 0.4), Math.round(usual)));
      await life.kill();
      count(kills, STARTING);
      for (const { open, state } of lookAtJournal(campaign, 'killed while it started')) {
        if (open) count(campaign.counts, `left open by a kill: ${state}`);
      }
      continue;
    }
    const display = await life.ready;
    const start = life.start();
    if (display === undefined || start === undefined) {
      throw new Error(`the terminal did not start: ${life.output()}`);
    }
    startMs.push(start.tookMs);
    const ownMs = Math.round(start.tookMs - start.inLineMs);
    if (start.tookMs > MOST_START_MS) count(campaign.counts, 'starts over 5 s on a busy machine');
    if (ownMs > MOST_START_MS) say(campaign, `the start took ${ownMs} ms of its own`);
    void watchDisplay(display, (amountMinor, { screen }) => {
      count(campaign.counts, 'approvals shown');
      campaign.shown.push({ amountMinor, screen, wishes: campaign.recent });
    });
    await campaign.nexo?.begins(display);
    for (const { id, state } of lookAtJournal(campaign, 'started')) {
      if (state === 'asking') say(campaign, `payment ${id} is still "asking" after the start`);
    }
    return life;
  }
};

/** Without what the machine ran instead. */
const MOST_START_MS = 5_000;

/** Whole, in line with what was told, and without an account number. */
const lookAtJournal = (campaign: Campaign, when: string): readonly PaymentRow[] => {
  const { journal } = campaign.folder;
  const state = verifyFile(journal);
  if (isFault(state)) say(campaign, `${when}: ${state.detail}`);
  else if (state.chain === 'broken') {
    say(campaign, `${when}: broken at entry ${state.sequence}: ${state.problem}`);
  }
  const rows = listPayments(journal, Number.MAX_SAFE_INTEGER);
  if (isFault(rows)) {
    say(campaign, `${when}: ${rows.detail}`);
    return [];
  }
  checkTold(rows, campaign.wishes, campaign.shown, (what) => say(campaign, `${when}: ${what}`));
  return rows;
};

const oneKill = async (life: Life, campaign: Campaign): Promise<void> => {
  const { host, folder, till, wishes, counts, kills } = campaign;
  const number = killed(campaign) + 1;
  const random = campaign.random.fork(`kill ${number}`);
  const [name, moment] = momentFrom(random);
  const slowMs = random.chance(0.7) ? random.between(2, 60) : 0;
  await host.ask({ op: 'slow', ms: slowMs });
  if ('strikes' in moment && random.chance(0.3)) {
    const fault = faultFrom(random);
    const times = random.between(1, 2);
    await host.ask({ op: 'fault', name: fault, on: moment.strikes, times, lateMs: 1_300 });
    count(counts, `host: ${fault} on ${moment.strikes}`);
  }
  let over: Promise<void> | undefined;
  const kill = () => {
    over ??= life.kill();
  };
  if (random.chance(0.08)) {
    count(counts, 'host killed');
    setTimeout(() => host.kill(), random.between(0, 150));
  }
  const scene: Scene = {
    socket: folder.socket,
    till,
    host,
    random,
    wishes,
    slowMs,
    kill,
    takes: (wish) => takes(campaign, wish),
  };
  await moment.play(scene);
  kill();
  await over;
  count(kills, name);
  for (const { open, state } of lookAtJournal(campaign, `killed: ${name}`)) {
    if (open) count(counts, `left open by a kill: ${state}`);
  }
  lookForAccounts(campaign, [folder.journal, `${folder.journal}-wal`], CARDS);
  await host.ask({ op: random.chance(0.05) ? 'absent' : 'normal' });
};

/** The till goes on: asks again what it has no answer to, and takes a payment in peace. */
const afterwards = async (campaign: Campaign): Promise<void> => {
  const { host, till, wishes, counts } = campaign;
  const number = killed(campaign);
  const random = campaign.random.fork(`after ${number}`);
  await host.ask({ op: 'normal' });
  for (const wish of wishes.filter(({ lost }) => lost)) {
    if (random.chance(0.8)) await askAgain(campaign, wish);
  }
  if (random.chance(0.4)) {
    const wish = nextWish(till, wishes, random);
    takes(campaign, wish);
    await till.ask(wish);
  }
  if (random.chance(0.2)) {
    // Any payment of before, as a till does that has lost its own notes.
    const wish = random.pick(wishes);
    if (!wish.lost) await askAgain(campaign, wish);
  }
  if (random.chance(0.05)) await closePeriod(campaign);
  count(counts, 'restarts');
  const restarts = counts.get('restarts') ?? 0;
  if (restarts % PROGRESS === 0) campaign.options.say(`${number} kills`);
};

const PROGRESS = 25;

const askAgain = async (campaign: Campaign, wish: Wish): Promise<void> => {
  takes(campaign, wish);
  const before = wish.answers.length;
  await campaign.till.ask(wish);
  // A till that speaks nexo counts by itself: it is not told that it was told before.
  if (campaign.nexo) return;
  const answer = wish.answers[before];
  const repeated = answer?.repeated === undefined ? 'anew' : `known, ${answer.repeated}`;
  count(campaign.counts, `asked again: ${repeated}`);
};

const closePeriod = async (campaign: Campaign): Promise<'nothing left' | 'more' | 'not yet'> => {
  const answer = await reconcile(campaign.folder.socket);
  if (answer === LOST) say(campaign, 'reconciliation: the connection was lost without a kill');
  if (typeof answer === 'string') return 'not yet';
  for (const { currency, inBalance } of answer.currencies) {
    count(campaign.counts, inBalance ? 'periods in balance' : 'periods out of balance');
    if (!inBalance) say(campaign, `period ${answer.period} is out of balance in ${currency}`);
  }
  return answer.currencies.length === 0 ? 'nothing left' : 'more';
};

/** Everything is asked, forwarded, taken back and reconciled; then both sides are compared. */
const settle = async (life: Life, campaign: Campaign): Promise<ReadonlyMap<string, number>> => {
  const { host, folder, wishes } = campaign;
  await host.ask({ op: 'normal' });
  for (const wish of wishes) await askAgain(campaign, wish);
  const patienceMs = performance.now() + SETTLES_WITHIN_MS;
  while ((await closePeriod(campaign)) !== 'nothing left') {
    if (performance.now() < patienceMs) continue;
    say(campaign, `it does not settle: ${JSON.stringify(await status(folder.socket))}`);
    break;
  }
  for (const row of lookAtJournal(campaign, 'settled')) {
    const wish = wishes.find(({ tillId }) => tillId === row.tillId);
    if (row.state === 'refusedLater' && wish !== undefined) await note(folder.socket, wish);
  }
  const code = await life.stop();
  if (code !== 0) say(campaign, `it ended with ${code}: ${life.output()}`);
  const rows = lookAtJournal(campaign, 'ended');
  const positions = await host.positions(TERMINAL_ID);
  checkBothSides(rows, positions, wishes, (what) => say(campaign, what));
  for (const what of interrupted(rows, positions)) count(campaign.counts, what);
  await lookAtLog(campaign);
  const verified = await countertap(['--state', folder.state, 'journal', 'verify']);
  if (verified.code !== 0) say(campaign, `countertap journal verify: ${verified.said}`);
  lookForAccounts(campaign, filesIn(campaign.root));
  return byKindAndState(rows);
};

const SETTLES_WITHIN_MS = 60_000;

// Whether the kill came before the host had booked it, or after.
const interrupted = (
  rows: readonly PaymentRow[],
  positions: readonly Position[],
): readonly string[] => {
  const there = new Map(positions.map((one) => [`${one.stan} ${one.transmitted}`, one.state]));
  return rows.map(recordOf).flatMap(({ request, reversal }) => {
    if (reversal?.reason !== 'interrupted') return [];
    const state = there.get(`${request?.fields['11']} ${request?.fields['7']}`) ?? 'unknown';
    return [`interrupted, and at the host: ${state}`];
  });
};

const lookAtLog = async (campaign: Campaign): Promise<void> => {
  const text = await readFile(join(campaign.folder.state, 'log', 'terminal.log'), 'utf8');
  for (const { level, message } of linesOf(text)) {
    if (level >= WARNING) count(campaign.counts, `logged: ${message}`);
    if (level >= ERROR && !AT_ITS_OWN_RISK.has(message)) say(campaign, `the log says: ${message}`);
  }
};

const WARNING = 40;
const ERROR = 50;
/** Of payments that were approved without the host, whose rules are others. */
const AT_ITS_OWN_RISK: ReadonlySet<string> = new Set([
  'refused by the host when it was forwarded',
  'the host took only a part when it was forwarded',
]);

// The last line of a process that was killed may be half a line, with the next one behind it.
const linesOf = (text: string) =>
  text.split('\n').flatMap((line) => {
    const [, level] = /"level":(\d+)/.exec(line) ?? [];
    const [, message] = /"msg":"([^"]*)"\}$/.exec(line) ?? [];
    return level === undefined || message === undefined ? [] : [{ level: Number(level), message }];
  });

const lookForAccounts = (
  campaign: Campaign,
  files: readonly string[],
  cards?: readonly string[],
): void => {
  for (const { file, form, masked } of findAccounts(files, accountNumbers(cards))) {
    say(campaign, `${file} holds account number ${masked} in ${form}`);
  }
};

const byKindAndState = (rows: readonly PaymentRow[]): ReadonlyMap<string, number> => {
  const counted = new Map<string, number>();
  for (const row of rows) count(counted, `${recordOf(row).kind} ${row.state}`);
  return counted;
};
