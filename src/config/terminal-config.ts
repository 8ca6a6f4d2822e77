import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { BOOK_A_INDICATORS, type ToneSetting } from '#data/indicators.ts';
import { acceptance } from './acceptance-config.ts';
import { codes } from './codes-config.ts';
import { consoleSection } from './console-config.ts';
import { devicesSection } from './devices-config.ts';
import { metricsSection } from './metrics-config.ts';
import { type ConfigStep, migrated, presentFormat, type Wording } from './migrations/index.ts';
import { paymentSection } from './payment-config.ts';
import { currencyCode, dataElements, flag, port, seconds, text, wholeNumber } from './pieces.ts';
import { type ConfigProblem, isConfigProblem } from './problem.ts';
import { type ConfigFile, checkConfig, jsonOf } from './read.ts';
import { receiptOptions } from './receipt-options-config.ts';
import { supportSection } from './support-config.ts';
import { tillSection } from './till-config.ts';
import { upkeepSection } from './upkeep-config.ts';
import { walletsSection } from './wallets-config.ts';

/** Those of #iso8583/dialects.ts, by name. */
const DIALECTS = [
  'iso8583-1987-ascii',
  'iso8583-1987-ascii-hex-bitmap',
  'iso8583-1987-bcd',
  'iso8583-1993-ascii',
  'iso8583-1993-bcd',
  'iso8583-2003-ascii',
  'iso8583-2003-bcd',
] as const;

const simulatedHost = v.strictObject({ kind: v.literal('simulated') });

const hostAddress = {
  address: text(253, 'a host name or address'),
  port,
  serverName: v.optional(text(253, 'the name in the host certificate')),
};

const networkIdentifier = v.pipe(v.string('four digits'), v.regex(/^\d{4}$/, 'four digits'));

const framing = v.strictObject({
  lengthHeader: v.optional(
    v.picklist(
      ['binary-2', 'binary-2-inclusive', 'binary-4', 'ascii-4', 'bcd-2'],
      'binary-2, binary-2-inclusive, binary-4, ascii-4 or bcd-2',
    ),
    'binary-2',
  ),
  tpdu: v.optional(v.strictObject({ destination: networkIdentifier, source: networkIdentifier })),
});

const realHost = v.strictObject({
  kind: v.literal('tls'),
  ...hostAddress,
  /** Another door of the same host: it knows what the first has booked. */
  backup: v.optional(v.strictObject(hostAddress)),
  framing: v.optional(framing),
  /** PEM files; relative paths start at this configuration's folder. */
  certificationAuthority: text(4096, 'a path'),
  certificate: text(4096, 'a path'),
  privateKey: text(4096, 'a path'),
  /** Whether every message carries a message authentication code, both ways. */
  mac: v.optional(v.boolean('true or false'), false),
  dialect: v.optional(v.picklist(DIALECTS, `one of ${DIALECTS.join(', ')}`), 'iso8583-1987-ascii'),
});

const amount = v.optional(wholeNumber(1, LARGEST_AMOUNT, 'minor units of the currency'));

const limits = {
  /** The greatest single payment; how many may wait for the host, and their sum. */
  paymentMinor: amount,
  count: v.optional(wholeNumber(0, 100_000, 'a number of payments')),
  totalMinor: amount,
};

const offline = v.strictObject({
  /** Whether approvals by card and terminal alone are taken. */
  kernel: v.optional(flag, false),
  /** Whether payments are taken while the host is away, to be authorised later. */
  deferred: v.optional(flag, false),
  ...limits,
  /** Tighter limits, by the scheme's name. */
  schemes: v.optional(v.record(v.string(), v.strictObject(limits)), {}),
});

const tone = (bookA: ToneSetting) =>
  v.optional(
    v.strictObject({
      hertz: v.optional(wholeNumber(100, 8000, 'hertz'), bookA.hertz),
      onMs: v.optional(wholeNumber(20, 2000, 'milliseconds'), bookA.onMs),
      offMs: v.optional(wholeNumber(0, 2000, 'milliseconds'), bookA.offMs),
      /** 0: silent. */
      times: v.optional(wholeNumber(0, 5, 'how often it sounds'), bookA.times),
    }),
    {},
  );

const { tones } = BOOK_A_INDICATORS;

const indicators = v.strictObject({
  /** Four lights of one colour (1), or a fourth that is red (2). */
  option: v.optional(v.picklist([1, 2], '1 or 2'), BOOK_A_INDICATORS.option),
  tones: v.optional(v.strictObject({ success: tone(tones.success), alert: tone(tones.alert) }), {}),
});

const schema = v.strictObject({
  merchant: v.strictObject({
    name: text(40, 'the name on display and receipt'),
    id: text(15, 'the merchant identifier (DE 42)'),
  }),
  terminal: v.strictObject({
    id: v.pipe(
      v.string('the terminal identification (9F1C), 8 letters or digits'),
      v.regex(/^[A-Za-z0-9]{8}$/, 'the terminal identification (9F1C), 8 letters or digits'),
    ),
    currency: currencyCode,
    language: v.pipe(v.string('two letters'), v.regex(/^[a-z]{2}$/, 'two letters such as "en"')),
    /** Terminal data for Entry Point and kernels, by tag. */
    data: dataElements,
  }),
  /** Whose cards' signatures count: real ones (unless stated), or those of test cards. */
  caPublicKeys: v.optional(v.picklist(['live', 'test'], '"live" or "test"'), 'live'),
  reader: v.strictObject({
    kind: v.picklist(['pcsc', 'in-process'], '"pcsc" or "in-process"'),
    name: v.optional(text(128, 'part of the name of the reader')),
    exchangeDeadlineMs: wholeNumber(100, 30_000, 'milliseconds'),
  }),
  display: v.strictObject({
    host: text(253, 'an address to listen on'),
    port,
    indicators: v.optional(indicators, {}),
  }),
  payment: paymentSection,
  /** What decisions may be about, and who must agree to them. */
  acceptance: v.optional(acceptance, {}),
  console: v.optional(consoleSection, {}),
  /** By what scanned texts are told apart. */
  codes: v.optional(codes, {}),
  /** Scanners, printers and line displays beside it. */
  devices: v.optional(devicesSection, {}),
  /** What becomes of receipts by itself; nothing unless stated. */
  receipts: v.optional(receiptOptions, {}),
  /** What the shop takes without its host, at its own risk; nothing unless stated. */
  offline: v.optional(offline, {}),
  /** How cash registers reach the terminal; not at all unless stated. */
  till: v.optional(tillSection),
  /** Wallets that pay by code; none unless stated. */
  wallets: v.optional(walletsSection, []),
  /** Updates; none over the net unless stated. */
  upkeep: v.optional(upkeepSection, {}),
  /** How long settled payments stay in the journal. */
  journal: v.optional(
    v.strictObject({
      keepDays: v.optional(wholeNumber(1, 3650, 'days'), 180),
      keepMegabytes: v.optional(wholeNumber(16, 100_000, 'megabytes'), 512),
    }),
    {},
  ),
  /** Numbers for Prometheus; none unless stated. */
  metrics: v.optional(metricsSection),
  /** Whom support bundles are for. */
  support: v.optional(supportSection, {}),
  /** A PKCS#11 module that keeps the key store's own key; this machine does unless stated. */
  securityModule: v.optional(
    v.strictObject({
      library: text(4096, "the path of the module's library"),
      token: text(32, "the label of the module's token"),
      pinFile: text(4096, 'the path of a file with the PIN'),
    }),
  ),
  /** A file that says "1" when the case is opened: keys are erased then. */
  tamperSignal: v.optional(text(4096, 'a path')),
  host: v.strictObject({
    answerWithinSeconds: seconds(1, 120),
    echoAfterSeconds: seconds(5, 3600),
    pinPad: v.optional(flag, false),
    /** One message a payment (0200), or an authorisation that the host captures (0100). */
    messages: v.optional(v.picklist(['single', 'dual'], '"single" or "dual"'), 'dual'),
    signOn: v.optional(flag, true),
    connection: v.variant('kind', [simulatedHost, realHost], '"kind": "simulated" or "tls"'),
  }),
});

/** config/NAME/terminal.json. */
export type TerminalConfig = v.InferOutput<typeof schema>;

/** Read in the format that it was written in, and brought to this release's in memory. */
export const parseTerminalConfig = (
  file: ConfigFile,
  steps?: readonly ConfigStep[],
): TerminalConfig | ConfigProblem => {
  const json = jsonOf(file);
  if (isConfigProblem(json)) return json;
  if (!isWording(json)) return checkConfig(file.name, json, schema);
  const read = migrated(file.name, json, steps);
  if (isConfigProblem(read)) return read;
  const present = presentFormat(steps);
  const now = read.from === present ? '' : ` (of format ${read.from}, read as format ${present})`;
  return checkConfig(`${file.name}${now}`, read.wording, schema);
};

const isWording = (json: unknown): json is Wording =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
