import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScannedCode } from '#ports/code-scanner.ts';
import { off } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import { identifyInTests } from '#test/support/wallet-counter.ts';
import {
  type Answer,
  abortOf,
  type CounterOptions,
  cardIsAwaited,
  detailsIn,
  message,
  openCounter,
  paid,
  type TestCounter,
} from './counter.ts';

let counter: TestCounter;
let scans: Subject<ScannedCode>;
const open = async (options: CounterOptions = {}, scannerReady = true) => {
  scans = new Subject();
  const codes = {
    scanner: { scans$: scans },
    identify: identifyInTests,
    scannerReady: () => scannerReady,
  };
  counter = await openCounter({ ...options, codes });
};
beforeEach(() => open());
afterEach(() => counter.harness.close());

const admin = (ServiceIdentification: unknown, header = {}) =>
  message('Admin', { ServiceIdentification }, header);

const encoded = (object: object) => Buffer.from(JSON.stringify(object)).toString('base64');

const scanOnce = (Id = 'scan-1', TimeoutMs = 5_000, header = {}) =>
  admin(
    encoded({ Session: { Id, Type: 'Once' }, Operation: [{ Type: 'ScanBarcode', TimeoutMs }] }),
    header,
  );

const endOf = (Id: string, header = {}) => admin(encoded({ Session: { Id, Type: 'End' } }), header);

const scan = (text: string, symbology?: string) =>
  scans.next({ text, place: 'a scanner', atMs: 0, ...(symbology ? { symbology } : {}) });

/** The till waits for a code: the desk has taken its request. */
const asked = async (request: object): Promise<{ answer: Promise<Answer> }> => {
  const answer = counter.send(request);
  await new Promise(setImmediate);
  return { answer };
};

const scannedIn = ({ Response }: Answer) =>
  JSON.parse(Buffer.from(Response.AdditionalResponse, 'base64').toString()).Barcode;

describe("a till's Admin", () => {
  it('tells what Diagnosis has no field for', async () => {
    const { Response } = await counter.send(admin('TerminalStatus'));
    expect(Response.Result).toBe('Success');
    expect(detailsIn(Response)).toMatchObject({
      ...{ softwareVersion: '1.0', period: '1', contactless: 'on' },
      ...{ openReversals: '0', toForward: '0', displays: '1' },
    });
    counter.harness.close();
    const { acceptance } = playedDecisions(off(1));
    await open({ acceptance });
    const shut = await counter.send(admin('TerminalStatus'));
    expect(detailsIn(shut.Response)).toMatchObject({ contactless: 'off', decision: 'D1' });
  });

  it.each([
    ['Reboot', 'UnavailableService'],
    [undefined, 'MessageFormat'],
    [encoded({ Session: {} }), 'MessageFormat'],
    ['Till 1', 'UnavailableService'],
  ])('%s is refused by the book', async (named, condition) => {
    const { Response } = await counter.send(admin(named));
    expect(Response.ErrorCondition).toBe(condition);
  });

  it('scans one code, and tells it to the till alone', async () => {
    const request = scanOnce();
    const { answer } = await asked(request);
    scan('product 4006381333931', ']E0');
    expect(scannedIn(await answer)).toEqual({ Data: 'product 4006381333931', Symbology: 'EAN' });
    // The same request again is the same code.
    expect(await counter.send(request)).toEqual(await answer);
    expect(JSON.stringify([counter.lines, counter.harness.lines])).not.toContain('4006381333931');
  });

  it('gives no code out that may pay: it is for the payment that follows', async () => {
    const { answer } = await asked(scanOnce());
    scan('alipay 1234');
    scan('either 1234');
    scan('product 4006381333931');
    expect(scannedIn(await answer).Data).toBe('product 4006381333931');
  });

  it('scans nothing when nothing comes in time', async () => {
    const { Response } = await counter.send(scanOnce('scan-1', 20));
    expect(Response.ErrorCondition).toBe('Cancel');
  });

  it('ends by the session, of its own till alone, and by Abort', async () => {
    const first = await asked(scanOnce('scan-1'));
    for (const other of [endOf('scan-2'), endOf('scan-1', { SaleID: 'Till 2' })]) {
      expect((await counter.send(other)).Response.ErrorCondition).toBe('NotFound');
    }
    expect((await counter.send(endOf('scan-1'))).Response.Result).toBe('Success');
    expect((await first.answer).Response.ErrorCondition).toBe('Aborted');
    const request = scanOnce('scan-2');
    const second = await asked(request);
    const { ServiceID } = request.SaleToPOIRequest.MessageHeader;
    await counter.send(abortOf(ServiceID, {}, { MessageCategory: 'Admin' }));
    expect((await second.answer).Response.ErrorCondition).toBe('Aborted');
    expect((await counter.send(endOf('scan-2'))).Response.ErrorCondition).toBe('NotFound');
  });

  it('and other services have the terminal one at a time', async () => {
    const { answer } = await asked(scanOnce());
    expect((await counter.send(scanOnce())).Response.ErrorCondition).toBe('Busy');
    await counter.send(endOf('scan-1'));
    await answer;
    expect((await paid(counter)).Response.Result).toBe('Success');
  });

  it('makes way for a payment that the cashier begins', async () => {
    const { answer } = await asked(scanOnce());
    const { terminal } = counter.harness;
    const paying = terminal.sale({ amountMinor: 1, currency: 840 }, new AbortController().signal);
    expect((await answer).Response.ErrorCondition).toBe('Busy');
    await cardIsAwaited(counter);
    expect((await counter.send(scanOnce())).Response.ErrorCondition).toBe('Busy');
    terminal.cancel();
    await paying;
  });

  it('is UnavailableDevice without a scanner', async () => {
    counter.harness.close();
    await open({}, false);
    const { Response } = await counter.send(scanOnce());
    expect(Response.ErrorCondition).toBe('UnavailableDevice');
  });
});
