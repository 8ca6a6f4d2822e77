import type { MessageCategory, NexoRequest, NexoResponse } from '#nexo/index.ts';
import { abort, updateInput } from './abort.ts';
import { acquire } from './acquisition.ts';
import { administer } from './admin.ts';
import { inquireBalance } from './balance.ts';
import { display } from './display.ts';
import { input } from './input.ts';
import { short } from './logged.ts';
import { once } from './once.ts';
import { booksIdOf, pay } from './payment.ts';
import { print } from './print.ts';
import { reverse } from './reversal.ts';
import { diagnosis, enableService, login, logout } from './session.ts';
import { transactionStatus } from './status.ts';
import { getTotals, reconcile } from './totals.ts';
import { refused, type Turn } from './turn.ts';

/**
 * Does what a request asks for. What only tells is told at any time and anew; what does something
 * is done once; what needs the counter has it alone.
 */
export const serve = async (turn: Turn): Promise<NexoResponse | undefined> => {
  const { category } = turn.request;
  const service = services[category] as (turn: Turn) => Served | Promise<Served>;
  return service(turn);
};

type Served = NexoResponse | undefined;

type Services = {
  readonly [C in MessageCategory]: (turn: Turn<C>) => Served | Promise<Served>;
};

const ALONE = { alone: true };
const BESIDE = { alone: false };

const services: Services = {
  Abort: (turn) => void abort(turn),
  Admin: administer,
  BalanceInquiry: (turn) => once(turn, ALONE, inquireBalance),
  CardAcquisition: (turn) => once(turn, ALONE, acquire),
  Diagnosis: diagnosis,
  Display: display,
  EnableService: enableService,
  Event: (turn) => noted(turn),
  GetTotals: getTotals,
  Input: (turn) => once(turn, ALONE, input),
  InputUpdate: (turn) => void updateInput(turn),
  Login: login,
  Logout: logout,
  Payment: (turn) => once(turn, ALONE, async (own) => pay(own, await booksIdOf(turn))),
  Print: (turn) => once(turn, BESIDE, print),
  Reconciliation: (turn) => once(turn, ALONE, reconcile),
  Reversal: (turn) => once(turn, ALONE, async (own) => reverse(own, await booksIdOf(turn))),
  StoredValue: (turn) => refused(turn, 'UnavailableService', 'gift cards are not taken'),
  TransactionStatus: transactionStatus,
};

// A till tells what happens to it: that is for the log.
const noted = ({ desk, request }: Turn<'Event'>): undefined => {
  const { header, body }: NexoRequest<'Event'> = request;
  const about = { saleId: short(header.SaleID), event: body.EventToNotify };
  desk.parts.log.info(about, 'a till tells of an event');
};
