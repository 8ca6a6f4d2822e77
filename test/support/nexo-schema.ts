import { type Field, structures } from './nexo-structures.ts';
import { enumerations } from './nexo-words.ts';

// The rules of Adyen's OpenAPI file TerminalAPI-v1, typed in once more and apart from `src/nexo`:
// what one of the two has wrong, the other one says.

/** What is wrong, and where: "SaleToPOIResponse.PaymentResponse.Response.Result: missing". */
export type Fault = string;

/**
 * Every fault of a message that a terminal sends: a response, or a request of the terminal's own
 * (an event, or something to be shown at the till); none when it is right. Holds it to the
 * structures, and to what the descriptions say beside them ("mandatory if …").
 * @param message parsed JSON
 */
export const judge = (message: unknown): readonly Fault[] => judged(message, true);

/** The same by fields, types, patterns and enumerations only, whatever the descriptions say. */
export const judgeForm = (message: unknown): readonly Fault[] => judged(message, false);

/** Faults of one structure. @param conditions whether what the descriptions say counts, too */
export const judgeStructure = (
  name: string,
  value: unknown,
  path: string = name,
  conditions = true,
): readonly Fault[] => {
  const fields = structures.get(name);
  if (fields === undefined) throw new Error(`there is no structure "${name}"`);
  if (!isObject(value)) return [`${path}: not an object`];
  return [
    ...unknownFields(fields, value, path),
    ...fields.flatMap((field) => fieldFaults(field, value[field.name], path, conditions)),
    ...(conditions ? (CONDITIONS.get(name)?.(value, path) ?? []) : []),
  ];
};

const judged = (message: unknown, conditions: boolean): readonly Fault[] => {
  if (!isObject(message)) return ['not an object'];
  const [envelope, ...others] = Object.keys(message);
  if (others.length > 0) return [`${others.join(', ')}: beside ${envelope}`];
  if (envelope !== 'SaleToPOIResponse' && envelope !== 'SaleToPOIRequest') {
    return [`${envelope}: no such envelope`];
  }
  const inner = message[envelope];
  if (!isObject(inner)) return [`${envelope}: not an object`];
  const { MessageHeader: header, ...bodies } = inner;
  const headerPath = `${envelope}.MessageHeader`;
  return [
    ...(header === undefined
      ? [`${headerPath}: missing`]
      : judgeStructure('MessageHeader', header, headerPath, conditions)),
    ...headerFaults(isObject(header) ? header : {}, envelope, headerPath, conditions),
    ...bodyFaults(bodies, isObject(header) ? header : {}, envelope, conditions),
  ];
};

type Value = Readonly<Record<string, unknown>>;
type Envelope = 'SaleToPOIResponse' | 'SaleToPOIRequest';

const isObject = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// A category has one body, by its own name; an event is a notification in a request's envelope.
const bodyFaults = (
  bodies: Value,
  { MessageCategory: category }: Value,
  envelope: Envelope,
  conditions: boolean,
): readonly Fault[] => {
  const names = Object.keys(bodies);
  const wanted = bodyOf(`${category}`, envelope);
  const faults = names
    .filter((name) => name !== wanted)
    .map((name) => `${envelope}.${name}: not the body of ${category}`);
  if (wanted === undefined) return [...faults, `${envelope}: ${category} is never sent in it`];
  if (!names.includes(wanted)) return [...faults, `${envelope}.${wanted}: missing`];
  return [
    ...faults,
    ...judgeStructure(wanted, bodies[wanted], `${envelope}.${wanted}`, conditions),
  ];
};

const bodyOf = (category: string, envelope: Envelope): string | undefined => {
  if (envelope === 'SaleToPOIRequest') return OWN_REQUESTS.get(category);
  const name = `${category}Response`;
  return structures.has(name) ? name : undefined;
};

/** What a terminal says unasked. */
const OWN_REQUESTS: ReadonlyMap<string, string> = new Map([
  ['Display', 'DisplayRequest'],
  ['Event', 'EventNotification'],
]);

// "ServiceID: required if Service or Event MessageClass, or if Device MessageClass and request from
// POI". "DeviceID: if Device MessageClass"; Adyen's tills send none, and an answer repeats theirs.
const headerFaults = (
  header: Value,
  envelope: Envelope,
  path: string,
  conditions: boolean,
): readonly Fault[] => {
  const { MessageType: type, MessageClass: messageClass, MessageCategory: category } = header;
  const own = envelope === 'SaleToPOIRequest';
  const wantedType = own ? (category === 'Event' ? 'Notification' : 'Request') : 'Response';
  const faults: Fault[] = [];
  const say = (field: string, what: string) => void faults.push(`${path}.${field}: ${what}`);
  if (type !== wantedType) say('MessageType', `not ${wantedType}`);
  if (!conditions) return faults;
  if ((category === 'Event') !== (messageClass === 'Event')) {
    say('MessageClass', `${messageClass} with ${category}`);
  }
  if (header['ServiceID'] === undefined) say('ServiceID', 'missing');
  if (own && messageClass === 'Device' && header['DeviceID'] === undefined) {
    say('DeviceID', 'missing');
  }
  return faults;
};

const unknownFields = (fields: readonly Field[], value: Value, path: string): readonly Fault[] => {
  const known = new Set(fields.map(({ name }) => name));
  return Object.keys(value)
    .filter((name) => !known.has(name))
    .map((name) => `${path}.${name}: no such field`);
};

const fieldFaults = (
  { name, kind, required, list }: Field,
  value: unknown,
  structurePath: string,
  conditions: boolean,
): readonly Fault[] => {
  const path = `${structurePath}.${name}`;
  if (value === undefined) return required ? [`${path}: missing`] : [];
  if (!list) return valueFaults(kind, value, path, conditions);
  if (!Array.isArray(value)) return [`${path}: not a list`];
  return value.flatMap((one, index) => valueFaults(kind, one, `${path}[${index}]`, conditions));
};

const valueFaults = (
  kind: string,
  value: unknown,
  path: string,
  conditions: boolean,
): readonly Fault[] => {
  if (structures.has(kind)) return judgeStructure(kind, value, path, conditions);
  const words = enumerations.get(kind);
  if (words !== undefined) {
    return typeof value === 'string' && words.has(value) ? [] : [`${path}: not one of ${kind}`];
  }
  const scalar = SCALARS.get(kind);
  if (scalar === undefined) throw new Error(`there is no kind "${kind}"`);
  return scalar.fits(value) ? [] : [`${path}: not ${scalar.says}`];
};

interface Scalar {
  readonly says: string;
  readonly fits: (value: unknown) => boolean;
}

const pattern = (says: string, form: RegExp, alsoFits = (_: string) => true): Scalar => ({
  says,
  fits: (value) => typeof value === 'string' && form.test(value) && alsoFits(value),
});

const integer = (says: string, least = -Infinity, most = Infinity): Scalar => ({
  says,
  fits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
});

// RFC 3339 §5.6, which OpenAPI's "date-time" and "date" are.
const HOUR = String.raw`([01]\d|2[0-3])`;
const ZONE = String.raw`([Zz]|[+-]${HOUR}:[0-5]\d)`;
const TIME = new RegExp(
  String.raw`^\d{4}-\d\d-\d\d[Tt]${HOUR}:[0-5]\d:([0-5]\d|60)(\.\d+)?${ZONE}$`,
);

const isDay = (written: string): boolean => {
  const [year, month, day] = written.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const SCALARS: ReadonlyMap<string, Scalar> = new Map([
  ['text', pattern('a string', /^/)],
  ['line', pattern('text of one line', /^.+$/)],
  ['line10', pattern('1 to 10 characters', /^.{1,10}$/)],
  ['line16', pattern('1 to 16 characters', /^.{1,16}$/)],
  ['line104', pattern('1 to 104 characters', /^.{1,104}$/)],
  ['language', pattern('two small letters', /^[a-z]{2,2}$/)],
  ['capitals3', pattern('three capital letters', /^[A-Z]{3,3}$/)],
  ['dateTime', pattern('a date and time', TIME, isDay)],
  ['date', pattern('a date', /^\d{4}-\d\d-\d\d$/, isDay)],
  ['bytes', pattern('Base64', BASE64, (value) => value !== '')],
  [
    'xhtml',
    pattern('Base64 of up to 262144 characters', BASE64, ({ length }) => length <= 262_144),
  ],
  ['hex', pattern('a coordinate in hexadecimal', /^[0-9A-F]{1,4}$/)],
  ['flag', { says: 'true or false', fits: (value: unknown) => typeof value === 'boolean' }],
  ['integer', integer('a whole number')],
  ['place', integer('a whole number from 1 to 500', 1, 500)],
  ['seconds', integer('a whole number from 0 to 999', 0, 999)],
  ['track', integer('a whole number from 1 to 3', 1, 3)],
  [
    'amount',
    {
      says: 'a number from 0 to 99999999.999999',
      fits: (value: unknown) => typeof value === 'number' && value >= 0 && value <= 99999999.999999,
    },
  ],
  // The file calls these "integer", with lengths as their "minimum": they are nexo's strings of
  // digits, and every message that Adyen publishes and the types of its libraries have strings.
  ['name', pattern('a string of digits', /^[0-9]+$/)],
  ['decimal', pattern('a string of digits', /^[0-9]+(\.[0-9]+)?$/)],
]);

type Condition = (value: Value, path: string) => readonly Fault[];

const want = (there: boolean, path: string, field: string, why: string): readonly Fault[] =>
  there ? [] : [`${path}.${field}: missing ${why}`];

const succeeded = (value: Value): boolean =>
  isObject(value['Response']) && value['Response']['Result'] === 'Success';

const onSuccess =
  (...fields: readonly string[]): Condition =>
  (value, path) =>
    succeeded(value)
      ? fields.flatMap((field) => want(value[field] !== undefined, path, field, 'on success'))
      : [];

/** The content that each format wants; others it doesn't allow. */
const CONTENT: ReadonlyMap<unknown, string> = new Map([
  ['BarCode', 'OutputBarcode'],
  ['MessageRef', 'PredefinedContent'],
  ['Text', 'OutputText'],
  ['XHTML', 'OutputXHTML'],
]);

const contentFaults: Condition = (value, path) => {
  const { OutputFormat: format } = value;
  const wanted = CONTENT.get(format);
  if (wanted === undefined) return [];
  const others = [...CONTENT.values()].filter((name) => name !== wanted && name in value);
  return [
    ...want(value[wanted] !== undefined, path, wanted, `with ${format}`),
    ...others.map((name) => `${path}.${name}: not with ${format}`),
  ];
};

/** What the descriptions of the file say of several fields together. */
const CONDITIONS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  [
    'Response',
    ({ Result, ErrorCondition }, path) =>
      Result === 'Success'
        ? []
        : want(ErrorCondition !== undefined, path, 'ErrorCondition', `with ${Result}`),
  ],
  ['OutputContent', contentFaults],
  [
    'EventNotification',
    ({ EventToNotify: event, RejectedMessage: rejected }, path) =>
      event === 'Reject'
        ? want(rejected !== undefined, path, 'RejectedMessage', 'with Reject')
        : rejected === undefined
          ? []
          : [`${path}.RejectedMessage: not with ${event}`],
  ],
  ['LoginResponse', onSuccess('POISystemData')],
  ['DiagnosisResponse', onSuccess('POIStatus')],
  ['ReversalResponse', onSuccess('POIData')],
  ['ReconciliationResponse', onSuccess('TransactionTotals')],
  ['GetTotalsResponse', onSuccess('TransactionTotals')],
  ['TransactionStatusResponse', onSuccess('MessageReference', 'RepeatedMessageResponse')],
  [
    'InputResult',
    (value, path) =>
      succeeded(value) ? want(value['Input'] !== undefined, path, 'Input', 'on success') : [],
  ],
  [
    'RepeatedResponseMessageBody',
    (value, path) =>
      Object.keys(value).length === 1 ? [] : [`${path}: not one repeated response`],
  ],
]);
