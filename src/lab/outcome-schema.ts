import * as v from 'valibot';
import { isMalformed } from '#bytes/malformed.ts';
import { type DataElement, outcome } from '#kernels/shared/outcome.ts';
import { type MessageId, uiRequest } from '#kernels/shared/ui-request.ts';
import { parseTlvs } from '#tlv/tlv.ts';
import { amount, flag, hexBytes, holdMs } from './pieces.ts';

// "none" and null are left out before a line gets here: what is absent is none.

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  v.picklist(names, `one of ${names.join(', ')}`);

const messageId = v.pipe(
  v.string('a message identifier of two hexadecimal digits'),
  v.regex(/^[0-9A-Fa-f]{2}$/, 'a message identifier of two hexadecimal digits'),
  // A display keeps what it shows for an identifier that it doesn't know. Book A 9
  v.transform((text) => text.toUpperCase() as MessageId),
);

/** The fields of a UI request. */
export const uiFields = {
  messageId: v.optional(messageId),
  status: v.optional(
    oneOf([
      'notReady',
      'idle',
      'readyToRead',
      'processing',
      'cardReadSuccessfully',
      'processingError',
    ]),
  ),
  holdMs: v.optional(holdMs),
  language: v.optional(
    v.pipe(
      v.string('languages, two letters each'),
      v.regex(/^([A-Za-z]{2}){1,4}$/, 'languages, two letters each'),
      v.transform((text) => text.slice(0, 2)),
    ),
  ),
  valueQualifier: v.optional(oneOf(['amount', 'balance'])),
  value: v.optional(amount),
  currency: v.optional(
    v.pipe(
      v.string('a numeric currency code such as "0840"'),
      v.regex(/^[0-9]{3,4}$/, 'a numeric currency code such as "0840"'),
      v.transform((text) => text.padStart(4, '0')),
    ),
  ),
};

type UiFields = v.InferOutput<v.ObjectSchema<typeof uiFields, undefined>>;

export const toUiRequest = (fields: UiFields) =>
  uiRequest(fields.messageId ?? null, fields.status ?? 'none', {
    holdMs: fields.holdMs ?? 0,
    language: fields.language ?? null,
    valueQualifier: fields.valueQualifier ?? 'none',
    value: fields.value ?? null,
    currency: fields.currency ?? null,
  });

const ui = v.pipe(v.object(uiFields), v.transform(toUiRequest));

const WHAT = 'data objects (TLV) in hexadecimal';
const tlvs = v.pipe(
  hexBytes(0, 65_535),
  v.check((bytes) => !isMalformed(parseTlvs(bytes)), WHAT),
  v.transform((bytes): readonly DataElement[] => {
    const objects = parseTlvs(bytes);
    return isMalformed(objects) ? [] : objects.map(({ tag, value }) => ({ tag, value }));
  }),
);

/** An outcome that a test kernel answers with. */
export const outcomeSchema = v.pipe(
  v.object({
    outcome: oneOf([
      'selectNext',
      'tryAgain',
      'approved',
      'declined',
      'onlineRequest',
      'requestOnlinePin',
      'tryAnotherInterface',
      'endApplication',
    ]),
    start: v.optional(oneOf(['A', 'B', 'C', 'D'])),
    onlineResponseType: v.optional(oneOf(['emvData', 'any'])),
    cvm: v.optional(oneOf(['noCvm', 'obtainSignature', 'onlinePin', 'confirmationCodeVerified'])),
    uiOnOutcome: v.optional(ui),
    uiOnRestart: v.optional(ui),
    dataRecord: v.optional(tlvs),
    discretionaryData: v.optional(tlvs),
    alternateInterface: v.optional(oneOf(['contactChip', 'magneticStripe', 'both'])),
    receipt: v.optional(flag),
    fieldOffMs: v.optional(holdMs),
    removalTimeoutMs: v.optional(holdMs),
  }),
  v.transform(({ outcome: name, ...given }) =>
    outcome(name, {
      start: given.start ?? 'none',
      onlineResponseType: given.onlineResponseType ?? 'none',
      cvm: given.cvm ?? 'none',
      uiOnOutcome: given.uiOnOutcome ?? null,
      uiOnRestart: given.uiOnRestart ?? null,
      dataRecord: given.dataRecord ?? [],
      discretionaryData: given.discretionaryData ?? [],
      alternateInterface: given.alternateInterface ?? 'none',
      receipt: given.receipt ?? false,
      fieldOffMs: given.fieldOffMs ?? null,
      removalTimeoutMs: given.removalTimeoutMs ?? 0,
    }),
  ),
);
