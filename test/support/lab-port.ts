import { labSession } from '#lab/index.ts';

/** One line of the lab port. */
export type Line = Readonly<Record<string, unknown>>;

/** What the lab answers to one exchange: an R-APDU in hexadecimal, or a Level 1 error. */
export type CardAnswer = string | { readonly fault: 'timeout' | 'transmission' | 'protocol' };

/** A card: answers a C-APDU in hexadecimal. */
export type LabCard = (capdu: string) => CardAnswer;

/** An open lab port in this process, without clock and entropy of its own. */
export const openLab = () => {
  const session = labSession({
    microseconds: () => 0,
    clock: () => '260131120000',
    random: (length) => new Uint8Array(length).fill(0x5a),
  });
  const send = (line: Line | string): Line[] =>
    session
      .handle(typeof line === 'string' ? line : JSON.stringify(line))
      .lines.map((text) => JSON.parse(text) as Line);
  return { send };
};

export type Lab = ReturnType<typeof openLab>;

export interface Play {
  readonly card: LabCard;
  /** Answers to "card?", in order; then always present. */
  readonly presence?: readonly string[];
  /** Outcomes of the test kernels, in order; then the last one again. */
  readonly kernel?: readonly Line[];
}

export interface Played {
  readonly lines: readonly Line[];
  /** All that happened, a few words a line. */
  readonly trace: readonly string[];
  /** What the test kernels were started with. */
  readonly kernels: readonly Line[];
  readonly reply: Line;
}

/** Plays lower tester and test kernels through one activation. */
export const play = (lab: Lab, activation: Line, { card, presence, kernel }: Play): Played => {
  const cards = [...(presence ?? [])];
  const outcomes = [...(kernel ?? [{ outcome: 'approved' }])];
  const lines: Line[] = [];
  let todo = lab.send({ op: 'activate', ...activation });
  for (let rounds = 0; rounds < 200; rounds++) {
    lines.push(...todo);
    const last = todo.at(-1) ?? {};
    if (last['ask'] === 'card') todo = lab.send({ card: cards.shift() ?? 'present' });
    else if (last['ask'] === 'exchange') todo = lab.send(answer(card(String(last['capdu']))));
    else if (last['ask'] === 'kernel') {
      const [next = {}] = outcomes.length > 1 ? outcomes.splice(0, 1) : outcomes;
      todo = lab.send({ outcome: next });
    } else {
      const kernels = lines.filter((line) => line['ask'] === 'kernel');
      return { lines, trace: lines.map(words), kernels, reply: last };
    }
  }
  throw new Error('the activation has no end');
};

const answer = (given: CardAnswer): Line => (typeof given === 'string' ? { rapdu: given } : given);

const words = (line: Line): string => {
  if (line['event'] === 'ui') return uiWords(line);
  if (line['event'] === 'field') return line['on'] ? 'field on' : `field off ${line['holdMs']}`;
  if (line['ask'] === 'card') return 'card?';
  if (line['ask'] === 'exchange') return commandWords(String(line['capdu']));
  if (line['ask'] === 'kernel') {
    const again = line['restart'] === true ? ' again' : '';
    return `kernel ${line['kernelId']} at ${line['start']}${again}`;
  }
  if (isLine(line['outcome'])) return String(line['outcome']['outcome']);
  return isLine(line['error']) ? `error ${line['error']['code']}` : JSON.stringify(line);
};

const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null;

const uiWords = (line: Line): string => {
  const hold = Number(line['holdMs']) > 0 ? ` hold ${line['holdMs']}` : '';
  const language = line['language'] === null ? '' : ` ${line['language']}`;
  return `ui ${line['messageId'] ?? '-'} ${line['status']}${hold}${language}`;
};

const commandWords = (capdu: string): string => {
  if (capdu === SELECT_PPSE) return 'SELECT PPSE';
  const name = /^00A40400(..)(.*)00$/.exec(capdu);
  if (name === null || Number.parseInt(name[1] ?? '', 16) * 2 !== name[2]?.length) return capdu;
  return `SELECT ${name[2]}`;
};

export const SELECT_PPSE = '00A404000E325041592E5359532E444446303100';

/** The code of the error that these lines are. */
export const errorCode = (lines: readonly Line[]): unknown => errorOf(lines)['code'];
export const errorMessage = (lines: readonly Line[]): string => String(errorOf(lines)['message']);

const errorOf = (lines: readonly Line[]): Line => {
  const [first] = lines;
  if (lines.length !== 1 || !isLine(first?.['error'])) throw new Error(JSON.stringify(lines));
  return first['error'];
};

/** One data object in hexadecimal; a length of up to 255 bytes, in the shortest form. */
export const tlv = (tag: string, ...parts: readonly string[]): string => {
  const value = parts.join('');
  const length = value.length / 2;
  const digits = length.toString(16).toUpperCase().padStart(2, '0');
  return `${tag}${length > 127 ? '81' : ''}${digits}${value}`;
};

export interface Entry {
  readonly name?: string;
  readonly priority?: string;
  readonly kernel?: string;
  readonly extended?: string;
}

/** One entry (61) of a directory. */
export const entry = ({ name, priority, kernel, extended }: Entry): string =>
  tlv(
    '61',
    name === undefined ? '' : tlv('4F', name),
    priority === undefined ? '' : tlv('87', priority),
    kernel === undefined ? '' : tlv('9F2A', kernel),
    extended === undefined ? '' : tlv('9F29', extended),
  );

/** An answer to SELECT PPSE with these entries and whatever else in BF0C. */
export const ppse = (...inside: readonly string[]): string =>
  `${tlv('6F', tlv('84', '325041592E5359532E4444463031'), tlv('A5', tlv('BF0C', ...inside)))}9000`;

/** An answer to SELECT (AID), with a PDOL if one is given. */
export const fci = (name: string, pdol?: string): string => {
  const asks = pdol === undefined ? '' : tlv('9F38', pdol);
  return `${tlv('6F', tlv('84', name), tlv('A5', tlv('50', '54455354'), asks))}9000`;
};

/** A card with a directory; every application can be selected, unless `selects` says otherwise. */
export const cardWith =
  (directory: string, selects: Readonly<Record<string, CardAnswer>> = {}): LabCard =>
  (capdu) => {
    if (capdu === SELECT_PPSE) return directory;
    const name = capdu.slice(10, -2);
    return selects[name] ?? fci(name, '9F6604');
  };

/** The same card, but for the n-th command (from 1), which goes wrong once. */
export const failingAt = (card: LabCard, command: number, fault: CardAnswer): LabCard => {
  let count = 0;
  return (capdu) => {
    count += 1;
    return count === command ? fault : card(capdu);
  };
};

export const OTHER = 'A0000009990101';

/** A configuration of one combination set for purchases with test kernel 22, changed as wanted. */
export const configuration = (set: Line = {}, more: Line = {}): Line => ({
  op: 'configure',
  terminal: { '9F1A': '0840' },
  combinationSets: [
    {
      transactionTypes: ['00'],
      combinations: [{ aid: OTHER, kernelId: '22' }],
      ...set,
    },
  ],
  kernels: { '22': 'test', '23': 'test', '03': 'test', '02': 'test' },
  ...more,
});

export const activation = (more: Line = {}, transaction: Line = {}): Line => ({
  start: 'A',
  transaction: {
    type: '00',
    amountAuthorised: 1000,
    amountOther: 0,
    currency: '0840',
    ...transaction,
  },
  sequenceCounter: 1,
  clock: '2026-01-31T12:34:56Z',
  random: 'ABABABAB',
  ...more,
});

/** A lab with this configuration, which must be good. */
export const configured = (configure: Line): Lab => {
  const lab = openLab();
  const [reply] = lab.send(configure);
  if (reply?.['ok'] !== true) throw new Error(JSON.stringify(reply));
  return lab;
};
