import { isMalformed } from '#bytes/malformed.ts';
import {
  type AdminOrder,
  adminOrder,
  answerHeader,
  type ErrorCondition,
  formEncoded,
  isNotDone,
  type NexoResponse,
  scannedCode,
} from '#nexo/index.ts';
import type { CodeRead } from '#terminal/desks.ts';
import { once } from './once.ts';
import { refused, type Service, type Turn } from './turn.ts';

type Answer = NexoResponse<'Admin'>;

/** A service of the terminal's own: see AdminOrder. What changes the shop's settings is none. */
export const administer = (turn: Turn<'Admin'>): Answer | Promise<Answer> => {
  const order = adminOrder(turn.request.body);
  if (isMalformed(order)) return refused(turn, 'MessageFormat', order);
  if (isNotDone(order)) return refused(turn, order.notDone, order.why);
  switch (order.service) {
    case 'status':
      return answer(turn, statusOf(turn));
    case 'endScan':
      return endScan(turn, order.session);
    case 'scan':
      return once(turn, { alone: true }, (service) => scan(service, order));
  }
};

/** What Diagnosis has no field for. */
const statusOf = ({ desk: { parts } }: Turn<'Admin'>): string | undefined => {
  const status = parts.terminal.status();
  const { off, plasticOnly } = status.acceptance;
  return formEncoded({
    softwareVersion: parts.softwareVersion,
    period: status.period,
    contactless: off !== undefined ? 'off' : plasticOnly ? 'cardsOnly' : 'on',
    decision: off?.by?.id,
    openReversals: status.openReversals,
    toForward: status.toForward,
    oldestToForwardSeconds: status.oldestToForwardSeconds,
    displays: status.displays,
    refusal: status.refusal,
  });
};

// What was scanned goes to the till, and into no log.
const scan = async (
  service: Service<'Admin'>,
  { session, withinMs }: Extract<AdminOrder, { service: 'scan' }>,
): Promise<Answer> => {
  const { desk, request, own } = service;
  const { SaleID: saleId } = request.header;
  desk.scanning = { saleId, session, end: () => own.abort.abort() };
  const came = await desk.parts.terminal.readCode(withinMs, own.abort.signal);
  desk.scanning = undefined;
  if (came.kind === 'read') {
    return answer(service, scannedCode(session, came.text, came.symbology));
  }
  const [condition, why] = CONDITIONS[came.kind];
  return refused(service, condition, why);
};

const endScan = (turn: Turn<'Admin'>, session: string): Answer => {
  const { scanning } = turn.desk;
  if (scanning?.session !== session || scanning.saleId !== turn.request.header.SaleID) {
    return refused(turn, 'NotFound', 'this till scans nothing in such a session');
  }
  scanning.end();
  return answer(turn, undefined);
};

const CONDITIONS = {
  timedOut: ['Cancel', 'nothing was scanned in time'],
  aborted: ['Aborted', 'the till ended the session'],
  busy: ['Busy', 'a payment is being taken: what is scanned is for that'],
  noScanner: ['UnavailableDevice', 'there is no scanner'],
} as const satisfies Readonly<
  Record<Exclude<CodeRead['kind'], 'read'>, readonly [ErrorCondition, string]>
>;

const answer = ({ request }: Turn<'Admin'>, additional: string | undefined): Answer => ({
  category: 'Admin',
  header: answerHeader(request.header),
  body: { Response: { Result: 'Success', AdditionalResponse: additional } },
});
