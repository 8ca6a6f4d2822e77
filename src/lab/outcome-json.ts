import { concat } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import type { DataElement, Outcome } from '#kernels/shared/outcome.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import { encodeTlv } from '#tlv/tlv.ts';

/** A UI request as the lab port writes it: all keys, unused ones null. */
export const uiJson = (request: UiRequest) => ({
  messageId: request.messageId,
  status: request.status,
  holdMs: request.holdMs,
  language: request.language?.slice(0, 2) ?? null,
  valueQualifier: request.valueQualifier,
  value: request.value,
  currency: request.currency,
});

/** An outcome as the lab port writes it. */
export const outcomeJson = (outcome: Outcome) => ({
  outcome: outcome.outcome,
  start: outcome.start,
  onlineResponseType: outcome.onlineResponseType,
  cvm: outcome.cvm,
  uiOnOutcome: outcome.uiOnOutcome && uiJson(outcome.uiOnOutcome),
  uiOnRestart: outcome.uiOnRestart && uiJson(outcome.uiOnRestart),
  dataRecord: tlvHex(outcome.dataRecord),
  discretionaryData: tlvHex(outcome.discretionaryData),
  alternateInterface: outcome.alternateInterface,
  receipt: outcome.receipt,
  fieldOffMs: outcome.fieldOffMs,
  removalTimeoutMs: outcome.removalTimeoutMs,
});

export type OutcomeJson = ReturnType<typeof outcomeJson>;

const tlvHex = (elements: readonly DataElement[]): string =>
  toHex(concat(...elements.map(({ tag, value }) => encodeTlv(tag, value))));
