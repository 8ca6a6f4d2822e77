import * as v from 'valibot';
import { type Fault, isFault } from '#ports/fault.ts';
import type { UpkeepOrder } from '#ports/upkeep.ts';
import {
  type Answer,
  type AskedByPerson,
  alreadyTold,
  faulty,
  parsed,
  problem,
  type Route,
} from '../answer.ts';
import type { UpkeepStanding } from '../api.ts';
import { auditAt, lineOf } from '../audit.ts';
import type { ConsoleParts } from '../parts.ts';
import { whoOf } from '../reception.ts';

const WHY = 'a reason, 1 to 200 characters in one line';
const why = v.pipe(
  v.string(WHY),
  v.trim(),
  v.minLength(1, WHY),
  v.maxLength(200, WHY),
  v.regex(/^\P{Cc}+$/u, WHY),
  // It stands in the log and on pages, and nobody looks there for a card's number.
  v.check((text) => !/(?:\d[ -]?){12}/.test(text), 'a reason without long numbers'),
);
const rollBack = v.strictObject({ why });
const nothing = v.strictObject({});

/** Orders to the terminal's updates. What becomes of them is told as it happens. */
export const updateRoutes = (parts: ConsoleParts): readonly Route[] => [
  orderRoute(parts, 'look', nothing, () => ({
    says: 'look for updates',
    order: { order: 'look' },
  })),
  orderRoute(parts, 'install', nothing, () => ({
    says: 'install what is offered, to take over as soon as nobody pays',
    order: { order: 'install', atOnce: true },
  })),
  orderRoute(parts, 'roll-back', rollBack, ({ why: reason }, person) => ({
    says: `go back to the release before: ${reason}`,
    order: { order: 'rollBack', why: `${person} ordered it: ${reason}` },
  })),
];

// As the command line calls them.
const ACTIONS = {
  look: 'look for updates',
  install: 'install update',
  'roll-back': 'roll update back',
} as const;

interface Ordered {
  /** For the audit log. */
  readonly says: string;
  readonly order: UpkeepOrder;
}

const orderRoute = <Schema extends v.GenericSchema>(
  parts: ConsoleParts,
  name: keyof typeof ACTIONS,
  schema: Schema,
  orderOf: (body: v.InferOutput<Schema>, person: string) => Ordered,
): Route => ({
  method: 'POST',
  url: `/api/updates/${name}`,
  needs: 'update',
  action: ACTIONS[name],
  handle: async (asked) => {
    const wanted = parsed(schema, asked.body);
    if ('refused' in wanted) return wanted.refused;
    return take(parts, asked, ACTIONS[name], orderOf(wanted.value, asked.by.person));
  },
});

// Recorded first: what can't be recorded isn't done, and the terminal may end at once.
const take = async (
  parts: ConsoleParts,
  { session, address }: AskedByPerson,
  action: string,
  { says, order }: Ordered,
): Promise<Answer> => {
  const { upkeep } = parts;
  const { managed, reason = CHECKOUT, version } = upkeep.standing();
  if (!managed) return problem(409, { error: sentence(reason) }, version);
  const told = lineOf(parts, { ...whoOf(session), action, subject: version, says });
  const unwritten = await auditAt(parts, address)({ ...told, outcome: 'done' });
  if (isFault(unwritten)) return alreadyTold(faulty(unwritten));
  const refused = await upkeep.order(order);
  if (isFault(refused)) return notTaken(refused, version);
  const view: UpkeepStanding = upkeep.standing();
  return { status: 202, body: view };
};

const CHECKOUT = 'this terminal runs from a checkout, which nothing updates';

const notTaken = ({ detail }: Fault, subject: string): Answer => ({
  ...problem(409, { error: sentence(detail) }),
  audit: { subject, says: `not done after all: ${detail}` },
});

// The keeper's own words may end with a command for who sits at the machine.
const sentence = (words: string): string => {
  const [said = words] = words.split(/: `countertap/);
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
};
