import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { fieldFault } from './additional-response.ts';
import type { NotDone } from './payment-order.ts';
import { isObject, list, MISSING, optional, structure, type ValueOf } from './rules.ts';
import { fromBase64, integer, oneOf, text, toBase64 } from './scalars.ts';

/**
 * What a till wants administered. nexo leaves the services to each terminal. Adyen's have one that
 * tills use, under no name but a JSON object as Base64: the barcode scanner, for one code. The
 * other one is ours.
 */
export type AdminOrder =
  | { readonly service: 'status' }
  | { readonly service: 'scan'; readonly session: string; readonly withinMs: number }
  | { readonly service: 'endScan'; readonly session: string };

/** Which service a till asks for; one that is not known is named back. */
export const adminOrder = ({
  ServiceIdentification: named,
}: {
  readonly ServiceIdentification?: string | undefined;
}): AdminOrder | NotDone | Malformed => {
  if (named === undefined) return fieldFault(SERVICE, MISSING);
  if (named === STATUS) return { service: 'status' };
  const object = objectIn(named);
  return object === undefined ? notDone(named.slice(0, LONGEST_NAME)) : scanOrder(object);
};

/** What was scanned, as Adyen's terminals tell it in AdditionalResponse: JSON as Base64. */
export const scannedCode = (session: string, code: string, symbology?: string): string => {
  const Symbology = SYMBOLOGIES.get(symbology?.slice(1, 2) ?? '') ?? 'UNKNOWN';
  const told = { Session: { Id: session, Type: 'Once' }, Barcode: { Data: code, Symbology } };
  return toBase64(new TextEncoder().encode(JSON.stringify(told)));
};

/** ServiceIdentification of what the terminal knows of itself. */
const STATUS = 'TerminalStatus';

const SERVICE = 'SaleToPOIRequest.AdminRequest.ServiceIdentification';
const LONGEST_NAME = 60;

// Adyen, "Activate scanning a single barcode using Terminal API".
const LONGEST_SCAN_MS = 30_000;

const scanSession = structure({
  Session: structure({ Id: text, Type: oneOf(['Begin', 'End', 'Once']) }),
  Operation: optional(
    list(structure({ Type: text, TimeoutMs: optional(integer(0, LONGEST_SCAN_MS)) })),
  ),
});

const scanOrder = (object: object): AdminOrder | NotDone | Malformed => {
  const read = scanSession.read(object, SERVICE.split('.'));
  if (isMalformed(read)) return read;
  const { Session, Operation = [] }: ValueOf<typeof scanSession> = read;
  const { Id: session, Type: type } = Session;
  if (type === 'End') return { service: 'endScan', session };
  const [operation, ...more] = Operation;
  if (operation === undefined) return fieldFault(`${SERVICE}.Operation`, MISSING);
  const other = [operation, ...more].find(({ Type }) => Type !== 'ScanBarcode');
  if (other !== undefined) return notDone(other.Type.slice(0, LONGEST_NAME));
  if (type === 'Begin' || more.length > 0) return notDone('scanning several codes in a session');
  return { service: 'scan', session, withinMs: operation.TimeoutMs ?? LONGEST_SCAN_MS };
};

const notDone = (what: string): NotDone => ({
  notDone: 'UnavailableService',
  why: `there is no such service here: ${what}`,
});

const objectIn = (named: string): object | undefined => {
  try {
    const object: unknown = JSON.parse(new TextDecoder().decode(fromBase64(named)));
    return isObject(object) ? object : undefined;
  } catch {
    return undefined;
  }
};

// By the letter of an AIM symbology identifier, ISO/IEC 15424. Of Adyen's own spellings two are
// published: CODABAR and UNKNOWN.
const SYMBOLOGIES: ReadonlyMap<string, string> = new Map([
  ['A', 'CODE39'],
  ['C', 'CODE128'],
  ['E', 'EAN'],
  ['F', 'CODABAR'],
  ['G', 'CODE93'],
  ['I', 'ITF'],
  ['L', 'PDF417'],
  ['Q', 'QR'],
  ['d', 'DATAMATRIX'],
  ['e', 'DATABAR'],
  ['z', 'AZTEC'],
]);
