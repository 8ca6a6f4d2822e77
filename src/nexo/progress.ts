// table: display notifications: what happens in a payment, told to a till while it goes on.
import { type NexoRequest, PROTOCOL_VERSION } from './messages.ts';
import type { MessageHeader } from './structures.ts';
import { timeStamp } from './times.ts';

/** Adyen's words for what happens, as far as it can happen here. */
export type ProgressEvent =
  | 'TENDER_CREATED'
  | 'CARD_PRESENTED'
  | 'WAIT_FOR_APP_SELECTION'
  | 'APPLICATION_SELECTED'
  | 'ASK_SIGNATURE'
  | 'SIGNATURE_CHECKED'
  | 'ASK_GRATUITY'
  | 'GRATUITY_ENTERED'
  | 'PRINT_RECEIPT'
  | 'RECEIPT_PRINTED'
  | 'CARD_REMOVED'
  | 'TENDER_FINAL';

/** What the loop's events are to a till, by their names; of others it hears nothing. */
export const progressOf: ReadonlyMap<string, ProgressEvent> = new Map([
  ['saleStarted', 'TENDER_CREATED'],
  ['cardRead', 'CARD_PRESENTED'],
  ['saleEnded', 'TENDER_FINAL'],
]);

/** Of which payment, when, and under which new id of up to ten characters it is told. */
export interface ProgressFacts {
  readonly transactionId: string;
  readonly nowMs: number;
  readonly deviceId: string;
}

/**
 * A display request that tells a till how far its payment is. It wants no answer.
 * @param header the payment request's
 */
export const displayNotification = (
  header: MessageHeader,
  event: ProgressEvent,
  { transactionId, nowMs, deviceId }: ProgressFacts,
): NexoRequest<'Display'> => {
  const id = encodeURIComponent(transactionId);
  const at = encodeURIComponent(timeStamp(nowMs));
  const ReferenceID = `TransactionID=${id}&TimeStamp=${at}&event=${event}`;
  return {
    category: 'Display',
    header: {
      ...header,
      ProtocolVersion: PROTOCOL_VERSION,
      MessageClass: 'Device',
      MessageCategory: 'Display',
      MessageType: 'Request',
      DeviceID: deviceId,
    },
    body: {
      DisplayOutput: [
        {
          ResponseRequiredFlag: false,
          Device: 'CashierDisplay',
          InfoQualify: 'Status',
          OutputContent: { OutputFormat: 'MessageRef', PredefinedContent: { ReferenceID } },
        },
      ],
    },
  };
};
