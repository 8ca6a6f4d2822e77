import {
  type AtcStore,
  type EmulatedCard,
  isCardFileProblem,
  memoryStore,
  openCard,
} from '#drivers/simulated/index.ts';
import type { Random } from './random.ts';

/** Cards that always ask their issuer, and cards that may pay without it. */
const ONLINE = ['visa-plastic', 'visa-phone', 'mastercard-plastic', 'mastercard-phone'] as const;
const OFFLINE = ['visa-plastic-offline', 'mastercard-plastic-offline'] as const;

/** Account numbers of all of them: none may be found anywhere. */
export const PANS: readonly string[] = [
  '4761739003010026',
  '4761739002010043',
  '5413330083002031',
  '5413330082010076',
  '4761739004010017',
  '5413330083002015',
];

interface Kept {
  readonly card: EmulatedCard;
  store: AtcStore;
  random: (length: number) => Uint8Array;
}

// A card takes a while to be made up, so it is kept; each run gets it as new.
const made = new Map<string, Kept>();
const MOST_COMMANDS = 5_000;

const make = (name: string): Kept => {
  const kept: { now?: Kept } = {};
  const now = (): Kept => {
    if (kept.now === undefined) throw new TypeError('a card was used before it was made');
    return kept.now;
  };
  const store: AtcStore = {
    load: () => now().store.load(),
    save: (atc) => now().store.save(atc),
    holderAsked: () => now().store.holderAsked(),
    noteHolderAsked: (asked) => now().store.noteHolderAsked(asked),
  };
  const card = openCard(name, { store, random: (length) => now().random(length) });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  kept.now = { card, store: memoryStore(), random: (length) => new Uint8Array(length) };
  made.set(name, kept.now);
  return kept.now;
};

/** The cards of this run's shoppers, never tapped before. */
export const cardsFor = (random: Random, offline: boolean): readonly EmulatedCard[] =>
  [...(offline ? [...ONLINE, ...OFFLINE, ...OFFLINE, ...OFFLINE] : ONLINE)].map((name) => {
    const known = made.get(name);
    const kept =
      known === undefined || known.card.activity.length > MOST_COMMANDS ? make(name) : known;
    kept.card.powerOff();
    kept.store = memoryStore(random.between(0, 500));
    kept.random = random.fork(name).bytes;
    return kept.card;
  });
