import { hex } from '#bytes/hex.ts';
import type { FieldValue, Message } from '#iso8583/index.ts';
import { request } from './messages.ts';

const withMti = (mti: string, numbers: readonly number[], ...more: [number, FieldValue][]) => ({
  mti,
  fields: new Map([...[...request.fields].filter(([number]) => numbers.includes(number)), ...more]),
});

const ALL = [...request.fields.keys()];
const ECHOED = [3, 4, 7, 11, 12, 13, 37, 41, 42, 49];
const MANAGEMENT = [7, 11];

const MAC = hex('0123456789ABCDEF');
const ANSWER = hex('9108A1B2C3D4E5F60012 71099F1804000000018600');
const ORIGINAL = `0100000042112121590000000012345${'0'.repeat(11)}`;
const TOTALS: readonly [number, FieldValue][] = [
  [74, '0000000001'],
  [75, '0000000000'],
  [76, '0000000123'],
  [77, '0000000004'],
  [86, '0000000000001250'],
  [87, '0000000000000000'],
  [88, '0000000012345678'],
  [89, '0000000000005000'],
];

/** One message of each kind that terminal and host exchange, each with a MAC. */
export const kinds: readonly Message[] = [
  withMti('0100', ALL, [23, '001'], [32, '12345'], [52, hex('1122334455667788')], [64, MAC]),
  withMti('0101', ALL, [60, 'unattended'], [64, MAC]),
  withMti('0110', ECHOED, [38, '123456'], [39, '00'], [55, ANSWER], [64, MAC]),
  withMti('0120', ALL, [38, 'OFF001'], [39, '00'], [64, MAC]),
  withMti('0130', ECHOED, [39, '00'], [64, MAC]),
  withMti('0200', ALL, [54, '0040840C000000000500'], [64, MAC]),
  withMti('0210', ECHOED, [39, '10'], [54, '0057840D000000001500'], [64, MAC]),
  withMti('0220', ALL, [38, '123456'], [39, 'Y1'], [64, MAC]),
  withMti('0221', ALL, [38, '123456'], [39, 'Y3'], [64, MAC]),
  withMti('0230', ECHOED, [39, '00'], [64, MAC]),
  withMti('0400', [2, 14, 22, 25, ...ECHOED], [39, '68'], [90, ORIGINAL], [128, MAC]),
  withMti(
    '0401',
    [2, 14, 22, 25, ...ECHOED],
    ...([
      [39, '17'],
      [90, ORIGINAL],
      [95, `000000000250${'0'.repeat(30)}`],
      [128, MAC],
    ] as const satisfies [number, FieldValue][]),
  ),
  withMti('0410', ECHOED, [39, '00'], [64, MAC]),
  withMti('0420', [2, 22, 25, ...ECHOED], [39, '17'], [90, ORIGINAL], [128, MAC]),
  withMti('0430', ECHOED, [39, '00'], [64, MAC]),
  withMti('0500', [7, 11, 41, 42], [50, '840'], ...TOTALS, [97, 'C0000000012344428'], [128, MAC]),
  withMti('0510', [7, 11, 41, 42], [39, '00'], [64, MAC]),
  withMti('0800', MANAGEMENT, [41, 'COUNTER1'], [70, '001'], [128, MAC]),
  withMti('0801', MANAGEMENT, [70, '301'], [128, MAC]),
  withMti('0810', MANAGEMENT, [39, '00'], [70, '301'], [128, MAC]),
];
