import * as v from 'valibot';
import { flag } from './pieces.ts';

/** What a decision may give as its reason; those that are urgent are named here. */
const REASONS = [
  'commercial',
  'security',
  'technical',
  'legal',
  'scheme',
  'operational',
  'trial',
  'other',
] as const;

const ROLES = ['cashier', 'manager', 'technician'] as const;

const name = (longest: number, what: string) =>
  v.pipe(
    v.string(what),
    v.trim(),
    v.check((value) => value.length >= 1 && value.length <= longest, what),
    v.check((value) => !/\p{Cc}/u.test(value), `${what}, without control characters`),
  );

const lane = name(20, "a lane's name, 1 to 20 characters");

const lanes = v.pipe(
  v.array(lane, 'a list of lanes'),
  v.minLength(1, 'at least one lane'),
  v.check((all) => new Set(all).size === all.length, 'each lane once'),
);

const ZONE = 'a time zone of the IANA database such as "Europe/Berlin"';

const timeZone = v.pipe(
  v.string(ZONE),
  v.check((value) => isZone(value), ZONE),
);

const isZone = (value: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const WALLET = 'names of wallets such as "alipay": small letters, digits and hyphens';
const DIGITS = '1 to 11 leading digits of account numbers';
const digits = v.pipe(v.string(DIGITS), v.regex(/^\d{1,11}$/, DIGITS));

const tokenRange = v.pipe(
  v.strictObject({ from: digits, to: digits }),
  v.check(({ from, to }) => from.length === to.length, '"from" and "to" of equally many digits'),
  v.check(({ from, to }) => from <= to, '"to" not before "from"'),
);

const approval = v.strictObject({
  /** Whether a second person must agree before less is taken, and before more is. */
  off: v.optional(flag, false),
  on: v.optional(flag, false),
  /** Reasons that can't wait for a second person; they excuse an "off" only. */
  urgent: v.optional(v.array(v.picklist(REASONS, `one of ${REASONS.join(', ')}`)), ['security']),
  /** Who may agree. */
  roles: v.optional(
    v.pipe(
      v.array(v.picklist(ROLES, `one of ${ROLES.join(', ')}`), 'a list of roles'),
      v.minLength(1, 'at least one role'),
    ),
    ['manager'],
  ),
});

/** What decisions about the shop's acceptance may speak of, and who must agree to them. */
export const acceptance = v.pipe(
  v.strictObject({
    /** This terminal's own. */
    lane: v.optional(lane, '1'),
    /** All of the shop; this terminal's alone unless stated. */
    lanes: v.exactOptional(lanes),
    /** By whose clocks weekly hours go; the machine's own unless stated. */
    timeZone: v.exactOptional(timeZone),
    approval: v.optional(approval, {}),
    /** What can be offered instead: "insert", "swipe", "cash", "qr", or the shop's own name. */
    alternatives: v.optional(v.array(name(40, 'a name, 1 to 40 characters'), 'a list of names'), [
      'insert',
      'cash',
    ]),
    /** Whose QR codes are taken. */
    wallets: v.optional(
      v.array(v.pipe(v.string(WALLET), v.regex(/^[a-z0-9-]{1,30}$/, WALLET)), WALLET),
      [],
    ),
    /** Account numbers that are tokens on phones and watches. */
    tokenRanges: v.optional(v.array(tokenRange, 'a list of ranges'), []),
    /** Whether what shows no sign of a phone is plastic. Otherwise it can't be told. */
    plasticBySigns: v.optional(flag, true),
  }),
  v.transform((section) => ({ ...section, lanes: section.lanes ?? [section.lane] })),
  v.forward(
    v.check(({ lane, lanes }) => lanes.includes(lane), 'one of the lanes that "lanes" lists'),
    ['lane'],
  ),
);

export type AcceptanceConfig = v.InferOutput<typeof acceptance>;
