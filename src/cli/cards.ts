import { call } from '#drivers/control/index.ts';
import {
  type CardDescription,
  cardCode,
  cardGroups,
  describeCard,
  fileStore,
  isCardFileProblem,
  listCards,
  openCard,
  type Presentation,
  presentToVpcd,
} from '#drivers/simulated/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import type { Places } from './places.ts';

/**
 * `countertap cards`: the emulated cards, and which outcome each shows.
 * @param which part of a name, or a group's name; all cards when absent
 */
export const cards = (which: string | undefined, json: boolean): ExitCode => {
  const list: CardDescription[] = [];
  for (const name of listCards()) {
    const card = describeCard(name);
    if (isCardFileProblem(card)) return fail(card.problem);
    if (which === undefined || card.group === which || name.includes(which)) list.push(card);
  }
  if (list.length === 0) {
    return fail(`no card is called "${which}"; groups are ${cardGroups.join(', ')}`);
  }
  if (json) {
    say(JSON.stringify(list));
    return exit.ok;
  }
  for (const group of cardGroups) {
    const members = list.filter((card) => card.group === group);
    if (members.length > 0) say(`\n${group}: ${GROUPS[group]}`);
    for (const card of members) say(linesFor(card, which !== undefined));
  }
  if (which === undefined) say('\n`countertap cards NAME` says what a card is.');
  return exit.ok;
};

const GROUPS: Readonly<Record<(typeof cardGroups)[number], string>> = {
  everyday: 'cards and phones that ask their issuer',
  offline: 'cards that can pay offline; the shipped terminal asks the issuer all the same',
  holder: 'cards that want their holder',
  several: 'cards with several applications',
  refusing: 'cards that do not pay, or not here',
  forged: 'cards not to be trusted: a Visa is found out only where it would pay offline',
  relay:
    'cards near and far: told apart where the terminal measures, which the shipped one does not',
  failing: 'cards that fail on the way',
};

const linesFor = (card: CardDescription, whole: boolean): string => {
  const { name, title, about, outcome, lastDigits } = card;
  const lines = [`  ${name.padEnd(WIDTH)} ${title}, ending ${lastDigits}`];
  if (whole) lines.push(...wrapped(about));
  lines.push(...wrapped(`Shows: ${outcome}`));
  return lines.join(`\n${' '.repeat(WIDTH + 3)}`);
};

const WIDTH = 28;

const wrapped = (text: string): string[] =>
  (text.match(/.{1,66}(?:\s|$)/g) ?? [text]).map((line) => line.trimEnd());

/** `countertap cards code`: the code that a phone shows, alone on its line, to be handed on. */
export const code = (places: Places, name: string): ExitCode => {
  const shown = cardCode(name, { store: fileStore(places.cards, name) });
  if (isCardFileProblem(shown)) return fail(shown.problem);
  say(shown);
  return exit.ok;
};

export interface TapOptions {
  readonly holdMs?: number;
  readonly tearAfter?: number;
  /** Where the virtual reader takes cards, if not at its usual port. */
  readonly vpcdPort?: number;
}

/** `countertap tap CARD`: holds an emulated card to the running terminal's reader. */
export const tap = async (places: Places, name: string, options: TapOptions): Promise<ExitCode> => {
  const status = await call(places.controlSocket, { op: 'status' });
  if (isFault(status)) return fail(status.detail);
  const { vpcdPort, ...given } = options;
  if (status['readerKind'] === 'in-process') return throughTerminal(places, name, given);
  const reader = String(status['reader']);
  if (status['readerPresent'] === true && !reader.includes('Virtual')) {
    return fail(`the terminal uses "${reader}": hold a real card to it`);
  }
  const card = openCard(name, { store: fileStore(places.cards, name) });
  if (isCardFileProblem(card)) return fail(card.problem);
  const away = new AbortController();
  process.once('SIGINT', () => away.abort());
  return report(
    await presentToVpcd(card, {
      ...given,
      signal: away.signal,
      ...(vpcdPort === undefined ? {} : { port: vpcdPort }),
    }),
  );
};

const throughTerminal = async (
  places: Places,
  name: string,
  options: TapOptions,
): Promise<ExitCode> => {
  const answer = await call(places.controlSocket, { op: 'tap', card: name, ...options });
  if (isFault(answer)) return fail(answer.detail);
  if (typeof answer['error'] === 'string') return fail(answer['error']);
  return report(answer['presentation'] as Presentation);
};

const report = (presentation: Presentation | Fault): ExitCode => {
  if (isFault(presentation)) return fail(presentation.detail);
  for (const { name, sw, microseconds } of presentation.commands) {
    const answer = sw === undefined ? 'no answer' : sw.toString(16).toUpperCase().padStart(4, '0');
    say(`${name.padEnd(24)} ${answer.padEnd(10)} ${microseconds} µs in the card`);
  }
  say(`the card left: ${LEFT[presentation.end]}`);
  return presentation.commands.length > 0 ? exit.ok : exit.cancelledOrTimedOut;
};

const LEFT: Readonly<Record<Presentation['end'], string>> = {
  read: 'it had been read',
  held: 'it had been held as long as asked',
  unread: 'nobody read it',
  torn: 'it was torn away',
  aborted: 'it was taken away',
  readerGone: 'the reader went away',
};
