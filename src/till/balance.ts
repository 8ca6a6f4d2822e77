import { balanceOrder, balanceResponse, isNotDone, type NexoResponse } from '#nexo/index.ts';
import { codeOf } from '#terminal/format.ts';
import { refused, type Service } from './turn.ts';

/**
 * Asks a card's host for its balance. Nothing of it is kept but the answer, in memory, for a till
 * that asks again under the same ids.
 */
export const inquireBalance = async (
  service: Service<'BalanceInquiry'>,
): Promise<NexoResponse<'BalanceInquiry'>> => {
  const { desk, request, own } = service;
  const { terminal, clock, currency, merchantId, terminalId } = desk.parts;
  const order = balanceOrder(request.body);
  if (isNotDone(order)) return refused(service, order.notDone, order.why);
  const { acquisition, account } = order;
  const acquired =
    acquisition && desk.acquisitions.find(acquisition.TransactionID, request.header.SaleID);
  if (acquisition && acquired === undefined) {
    return refused(service, 'NotFound', 'no card was acquired under this reference');
  }
  const asked = { account, currency, ...(acquired ? { cardToken: acquired.cardToken } : {}) };
  const { balance, ...told } = await terminal.inquire(asked, own.abort.signal);
  return balanceResponse(
    request,
    {
      ...told,
      ...(balance ? { balance: { ...balance, currency: codeOf(balance.currency) } } : {}),
    },
    {
      ...{ endedMs: clock.wallMs(), merchantId, terminalId },
      abortedByTill: own.abort.signal.aborted,
    },
  );
};
