import * as v from 'valibot';

/** A card file that can't be used: names file, key, what is expected and what is there. */
export interface CardFileProblem {
  readonly problem: string;
}

export const isCardFileProblem = (value: unknown): value is CardFileProblem =>
  typeof value === 'object' && value !== null && 'problem' in value && !('malformed' in value);

const hexText = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(/^(?:[0-9A-Fa-f]{2}\s*)*$/, (issue) => `expected ${what}, found ${issue.received}`),
  );
const digits = (what: string, pattern: RegExp) =>
  v.pipe(v.string(`expected ${what}, in quotes`), v.regex(pattern, `expected ${what}`));
const elementNames = v.optional(v.array(v.string()), []);

const Account = v.strictObject({
  pan: digits('12 to 19 digits', /^\d{12,19}$/),
  /** PAN sequence number; a card may have none. */
  sequenceNumber: v.optional(digits('two digits', /^\d{2}$/)),
  expiry: digits('a date as YYMMDD', /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/),
  serviceCode: digits('three digits', /^\d{3}$/),
  /** The rest of track 2. */
  discretionaryData: digits('up to 13 digits', /^\d{0,13}$/),
});

const Verification = v.union(
  [
    v.strictObject({
      /** `onceAsked`: the holder looks after the first tap that needed it, before the next. */
      onDevice: v.picklist(['performed', 'awaited', 'onceAsked']),
    }),
    v.strictObject({ inTerminal: v.array(v.picklist(['onlinePin', 'signature'])) }),
  ],
  'expected {"onDevice": "performed", "awaited" or "onceAsked"} ' +
    'or {"inTerminal": ["onlinePin", "signature"]}',
);

const Record = v.strictObject({
  sfi: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(30)),
  record: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
  /** Takes part in offline data authentication. */
  signed: v.optional(v.boolean(), false),
  /** Goes over the secure channel. Kernel 8. */
  encrypted: v.optional(v.boolean(), false),
  /** Read only where the card signs the transaction: what its signature needs. Not kernel 2. */
  forSignature: v.optional(v.boolean(), false),
  elements: v.array(v.string()),
});

const CommandNames = v.picklist([
  'SELECT PPSE',
  'SELECT',
  'GET PROCESSING OPTIONS',
  'EXCHANGE RELAY RESISTANCE DATA',
  'READ RECORD',
  'GENERATE AC',
  'READ DATA',
  'WRITE DATA',
  'unknown command',
]);

/** Status words given instead of an answer, by command: {"SELECT PPSE": "6A82"}. */
const Refuses = v.optional(
  v.record(
    CommandNames,
    v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{4}$/, 'expected four hexadecimal digits')),
  ),
  {},
);

const Authentication = v.strictObject({
  /** Which of its issuer's keys certifies the card: issuer/certification.ts. */
  issuerKey: v.picklist(['short', 'long', 'revoked', 'unknownAuthority']),
  /** Length of the card's own key. */
  keyBits: v.picklist([1024, 1152, 1408]),
  exponent: v.optional(v.picklist([3, 65537]), 3),
  /** `certificate`: records changed after they were certified. `signature`: a wrong hash. */
  flaw: v.optional(v.picklist(['certificate', 'signature'])),
});

const time = hexText('two bytes, in units of 100 microseconds');
const RelayResistance = v.strictObject({
  minimum: time,
  maximum: time,
  /** How long the card thinks its answer is on the air. */
  transmission: time,
  /** Somebody stands between card and reader: passes everything on, or answers in its place. */
  relay: v.optional(v.picklist(['late', 'answersItself'])),
});

/** Kernel 8: who certified the card's key, and what is wrong with the card. */
const Channel = v.strictObject({
  issuerKey: v.optional(v.picklist(['known', 'revoked', 'unknownAuthority']), 'known'),
  /**
   * `mac`: a wrong EDA-MAC. `counter`: a record under a counter that was used before.
   * `certificate`: records changed after they were certified. `key`: a certificate for another
   * card's key.
   */
  flaw: v.optional(v.picklist(['mac', 'counter', 'certificate', 'key'])),
});

const Application = v.strictObject({
  profile: v.picklist(['qvsdc', 'mchip', 'dpas', 'quics', 'c8']),
  aid: hexText('a name of 5 to 16 bytes in hexadecimal'),
  priority: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
  /** 9F2A of the directory entry; a card may leave it out. */
  kernelIdentifier: v.optional(hexText('hexadecimal')),
  account: Account,
  verification: Verification,
  /** Card risk management: ask the issuer, approve where the terminal lets it, or refuse. */
  decision: v.optional(v.picklist(['online', 'offline', 'decline']), 'online'),
  /** Offline data authentication; keys and certificates are in keys.json beside this file. */
  authentication: v.optional(Authentication),
  channel: v.optional(Channel),
  relayResistance: v.optional(RelayResistance),
  /** As the card's own `refuses`, once this application is selected or by its SELECT. */
  refuses: Refuses,
  /** Values by name (src/data/elements.ts) or tag: text for a, an, ans; else hexadecimal. */
  elements: v.record(v.string(), v.string()),
  fci: elementNames,
  fciIssuerDiscretionary: elementNames,
  processingOptions: elementNames,
  generateAc: elementNames,
  records: v.optional(v.array(Record), []),
});

/** Which command a card fails at: its name, or its place since power-up, from 1. */
const Moment = v.union(
  [CommandNames, v.pipe(v.number(), v.integer(), v.minValue(1))],
  'expected the name of a command, or a number from 1',
);

/** What a card is there to show; `countertap cards` groups by it. */
export const cardGroups = [
  'everyday',
  'offline',
  'holder',
  'several',
  'refusing',
  'forged',
  'relay',
  'failing',
] as const;

/** A card.json, with what it is `like` already filled in. */
export const CardFileSchema = v.strictObject({
  title: v.string(),
  group: v.picklist(cardGroups),
  about: v.string(),
  outcome: v.string(),
  answerToReset: hexText('hexadecimal'),
  applications: v.pipe(v.array(Application), v.minLength(1)),
  refuses: Refuses,
  /** Taken away at this command, before it answers. */
  tearAt: v.optional(Moment),
  /** Never answers this command. */
  muteAt: v.optional(Moment),
});

/** Of each application with `authentication`: made by scripts/personalise-cards.ts. */
const KeyMaterial = v.strictObject({
  /** PKCS #8, DER in base 64. SIMULATED: it belongs to no real card. */
  privateKey: v.string(),
  /** Certificates and their parts, by the dictionary's names. */
  elements: v.record(v.string(), hexText('hexadecimal')),
});

/** A keys.json; null for an application without `authentication`. */
export const KeyFileSchema = v.strictObject({
  note: v.string(),
  applications: v.array(v.nullable(KeyMaterial)),
});

export type CardFile = v.InferOutput<typeof CardFileSchema>;
export type ApplicationFile = CardFile['applications'][number];
export type KeyMaterial = v.InferOutput<typeof KeyMaterial>;
export type Moment = v.InferOutput<typeof Moment>;
