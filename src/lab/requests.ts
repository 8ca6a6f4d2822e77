import * as v from 'valibot';
import { isMalformed } from '#bytes/malformed.ts';
import { onlineAnswer } from '#contactless/inputs.ts';
import { clockDigits } from '#contactless/transaction-data.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import { isLabError, type LabError, labError } from './lab-error.ts';
import { toUiRequest, uiFields } from './outcome-schema.ts';
import {
  amount,
  checked,
  currency,
  flag,
  hexBytes,
  holdMs,
  integer,
  transactionType,
} from './pieces.ts';

const clock = 'a time such as "2026-01-31T12:00:00Z"';

const activateSchema = v.object({
  start: v.picklist(['A', 'B', 'C', 'D'], 'one of A, B, C, D'),
  transaction: v.object({
    type: v.pipe(
      transactionType,
      v.transform((text) => Number.parseInt(text, 16)),
    ),
    amountAuthorised: amount,
    amountOther: v.optional(amount, 0),
    currency,
  }),
  // 9F41, eight digits.
  sequenceCounter: integer(0, 99_999_999, 'a transaction sequence counter'),
  onlineResponse: v.optional(
    v.pipe(
      hexBytes(1, 65_535),
      v.check((bytes) => !isMalformed(onlineAnswer(bytes)), 'data objects (TLV) in hexadecimal'),
    ),
  ),
  clock: v.optional(
    v.pipe(
      v.string(clock),
      v.check((text) => clockDigits(text) !== undefined, clock),
      v.transform((text) => clockDigits(text) ?? ''),
    ),
  ),
  random: v.optional(hexBytes(1, 65_535)),
});

/** An `activate` request; `clock` as YYMMDDhhmmss. */
export type ActivateRequest = v.InferOutput<typeof activateSchema>;

const fieldSchema = v.object({ on: flag, holdMs: v.optional(holdMs, 0) });
const uiSchema = v.object(uiFields);

export type Request =
  | { readonly op: 'configure'; readonly value: unknown }
  | { readonly op: 'activate'; readonly request: ActivateRequest }
  | { readonly op: 'field'; readonly on: boolean; readonly holdMs: number }
  | { readonly op: 'ui'; readonly request: UiRequest }
  | { readonly op: 'reset' }
  | { readonly op: 'quit' };

/** What a line outside an ask wants. What a configuration means is for `readConfiguration`. */
export const readRequest = (value: Readonly<Record<string, unknown>>): Request | LabError => {
  const { op } = value;
  switch (op) {
    case 'configure':
      return { op, value };
    case 'reset':
    case 'quit':
      return { op };
    case 'activate': {
      const parsed = checked(activateSchema, value, 'malformed');
      return isLabError(parsed) ? parsed : { op, request: parsed.ok };
    }
    case 'field': {
      const parsed = checked(fieldSchema, value, 'malformed');
      return isLabError(parsed) ? parsed : { op, ...parsed.ok };
    }
    case 'ui': {
      const parsed = checked(uiSchema, value, 'malformed');
      return isLabError(parsed) ? parsed : { op, request: toUiRequest(parsed.ok) };
    }
    case undefined:
      return labError('unknownRequest', 'the line has no "op", and nothing was asked');
    default:
      return labError('unknownRequest', `there is no such request; there are ${OPS.join(', ')}`);
  }
};

/** The names of all requests. */
export const OPS: readonly string[] = ['configure', 'activate', 'field', 'ui', 'reset', 'quit'];
