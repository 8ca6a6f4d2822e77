import { eventNotification, referenced } from '#nexo/index.ts';
import type { KnownRequest } from './known-requests.ts';
import { requestKey } from './known-requests.ts';
import { short } from './logged.ts';
import { questionInstead } from './question.ts';
import { replyFacts, type Turn } from './turn.ts';

/**
 * Breaks off a request of the same till that is going on. It is never answered: what came of it is
 * the answer to the request itself. One that can't be broken off is rejected by an event.
 */
export const abort = (turn: Turn<'Abort'>): void => {
  const target = running(turn);
  if (typeof target === 'string') {
    reject(turn, target);
    return;
  }
  const { header, body } = turn.request;
  const about = { saleId: short(header.SaleID), reason: short(body.AbortReason) };
  turn.desk.parts.log.info({ ...about, aborts: target.category }, 'a till breaks its request off');
  target.abort.abort();
};

/** Changes the question that a till has asked. Never answered, as an Abort. */
export const updateInput = (turn: Turn<'InputUpdate'>): void => {
  const { desk, request } = turn;
  const target = running(turn);
  if (typeof target === 'string') {
    reject(turn, target);
    return;
  }
  if (target.input === undefined) {
    reject(turn, 'that request asks nothing');
    return;
  }
  const question = questionInstead(target.input, request.body);
  if ('notDone' in question) {
    reject(turn, question.why);
    return;
  }
  if (!desk.parts.terminal.askInstead(question)) reject(turn, 'no question is open');
};

// Only the till's own: nobody breaks off another till's payment.
const running = ({ desk, request }: Turn<'Abort' | 'InputUpdate'>): KnownRequest | string => {
  const { header, body } = request;
  const { SaleID, ServiceID, DeviceID, POIID } = referenced(header, body.MessageReference);
  if (POIID !== header.POIID) return 'it refers to another terminal';
  if (SaleID !== header.SaleID) return "it refers to another till's request";
  if (ServiceID === undefined) return 'it refers to no ServiceID';
  const { service } = desk;
  // Tills leave the DeviceID out of what they refer to.
  const current = service?.saleId === SaleID && service.serviceId === ServiceID;
  const known =
    desk.known.find(requestKey({ SaleID, ServiceID, DeviceID })) ?? (current ? service : undefined);
  if (known === undefined) return 'there is no such request';
  return known.done === undefined ? known : 'that request has ended';
};

const reject = ({ desk, request, received, reply }: Turn, message: string): void => {
  const { SaleID, ServiceID, MessageCategory: category } = request.header;
  const { parts, notifications } = desk;
  parts.log.warn({ category, saleId: short(SaleID), why: message }, "a till's message is rejected");
  if (!notifications.observed) return;
  // "If an event refers to a request, its header has the ServiceID of that": Adyen, notifications.
  const facts = replyFacts(parts, SaleID);
  const about = { ...facts, newId: ServiceID ?? facts.newId };
  notifications.next({
    saleId: SaleID,
    message: reply(eventNotification('Reject', { message }, about, received)),
  });
};
