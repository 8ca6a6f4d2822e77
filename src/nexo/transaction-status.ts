import { answerHeader, type NexoRequest, type NexoResponse } from './messages.ts';
import type { RepeatedBody } from './payment-messages.ts';
import { failure } from './refusals.ts';
import type { MessageHeader, MessageReference } from './structures.ts';

/** Categories whose answer can be asked for again. */
export type RepeatableCategory = 'CardAcquisition' | 'Payment' | 'Reversal' | 'StoredValue';

type StatusRequest = NexoRequest<'TransactionStatus'>;

/** Which request is meant: what the reference leaves out is as in the message itself. */
export const referenced = (
  header: MessageHeader,
  reference: MessageReference = {},
): MessageReference & { readonly SaleID: string; readonly POIID: string } => ({
  ...reference,
  SaleID: reference.SaleID ?? header.SaleID,
  POIID: reference.POIID ?? header.POIID,
});

/**
 * What a request under this header is known by: till and ServiceID, which a till gives once in 48
 * hours. Asked again under it, a request is answered with what happened.
 */
export const serviceKey = ({
  SaleID,
  ServiceID,
}: Pick<MessageHeader, 'SaleID' | 'ServiceID'>): string =>
  `nexo:${inKey(SaleID)}:${inKey(ServiceID ?? '')}`;

/** The answer that the till may never have got, once more. */
export const repeatedAnswer = (
  { header, body }: StatusRequest,
  answer: NexoResponse<RepeatableCategory>,
): NexoResponse<'TransactionStatus'> => ({
  category: 'TransactionStatus',
  header: answerHeader(header),
  body: {
    Response: { Result: 'Success' },
    MessageReference: referenced(header, body.MessageReference),
    RepeatedMessageResponse: {
      MessageHeader: answer.header,
      RepeatedResponseMessageBody: bodyOf(answer),
    },
  },
});

/** There is no such request, or it is still going on. */
export const noAnswerYet = (
  { header, body }: StatusRequest,
  why: 'NotFound' | 'InProgress',
): NexoResponse<'TransactionStatus'> => ({
  category: 'TransactionStatus',
  header: answerHeader(header),
  body: {
    Response: failure(why),
    MessageReference: referenced(header, body.MessageReference),
  },
});

// A lone half of a surrogate pair can't be encoded.
const inKey = (name: string): string => encodeURIComponent(name.toWellFormed());

const bodyOf = ({ category, body }: NexoResponse<RepeatableCategory>): RepeatedBody =>
  ({ [`${category}Response`]: body }) as RepeatedBody;
