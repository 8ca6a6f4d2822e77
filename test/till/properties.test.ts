import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '#nexo/index.ts';
import { requests } from '#test/nexo/arbitrary-messages.ts';
import {
  bodyOf,
  bytesOf,
  jsonOf,
  message,
  openCounter,
  POI,
  paid,
  payment,
  saleData,
  type TestCounter,
} from './counter.ts';

/** Payments and acquisitions that got as far as the shopper are broken off at once. */
const impatient = async (): Promise<TestCounter> => {
  const counter = await openCounter();
  counter.harness.events$.subscribe(({ event }) => {
    if (event === 'saleStarted' && breaksOff)
      queueMicrotask(() => counter.harness.terminal.cancel());
  });
  return counter;
};
let breaksOff = true;

// What is answered is by the schema: `bodyOf` throws for anything else.
const isSound = (answer: Uint8Array | undefined): void => {
  if (answer !== undefined) expect(bodyOf(answer)).toBeDefined();
};

const takesTheNext = async (counter: TestCounter): Promise<void> => {
  breaksOff = false;
  await counter.harness.seen('welcome', counter.harness.views.length - 1);
  expect((await paid(counter)).Response.Result).toBe('Success');
  breaksOff = true;
  counter.harness.close();
};

const samples: readonly object[] = [
  payment(),
  payment(
    5,
    {},
    { transaction: { AmountsReq: { Currency: 'USD', RequestedAmount: 5, TipAmount: 1 } } },
  ),
  message('Reversal', {
    OriginalPOITransaction: { POITransactionID: saleData.SaleTransactionID },
    ReversalReason: 'CustCancel',
  }),
  message('Diagnosis', { HostDiagnosisFlag: true }),
  message('GetTotals', { TotalDetails: ['SaleID'] }),
  message('CardAcquisition', { SaleData: saleData, CardAcquisitionTransaction: {} }),
];

/** A message in which one value, at whatever depth, is another one or gone. */
const mutated = fc
  .record({
    sample: fc.constantFrom(...samples),
    at: fc.nat(),
    value: fc.oneof(fc.constant(undefined), fc.jsonValue()),
  })
  .map(({ sample, at, value }) => {
    const copy = structuredClone(sample) as Record<string, unknown>;
    const places = placesIn(copy);
    const place = places[at % places.length];
    if (place !== undefined) place.object[place.name] = value;
    return bytesOf(copy);
  });

const placesIn = (
  object: Record<string, unknown>,
): { readonly object: Record<string, unknown>; readonly name: string }[] =>
  Object.entries(object).flatMap(([name, value]) => [
    { object, name },
    ...(typeof value === 'object' && value !== null
      ? placesIn(value as Record<string, unknown>)
      : []),
  ]);

describe('whatever a till sends', () => {
  it.each([
    ['any bytes', fc.uint8Array({ maxLength: 300 })],
    ['any JSON', fc.jsonValue().map((value) => bytesOf(value as object))],
    ['any message by the schema', requests().map((one) => toUs(encodeRequest(one)))],
    ['a message with one thing changed', mutated],
  ])(
    '%s is answered by the schema or not at all, and the next payment is taken',
    async (_, any) => {
      const counter = await impatient();
      await fc.assert(
        fc.asyncProperty(any, async (bytes) => isSound(await counter.sendBytes(bytes))),
        { numRuns: 150 },
      );
      expect(counter.lines.filter(({ level }) => level === 'error')).toEqual([]);
      await takesTheNext(counter);
    },
  );

  it('a megabyte of JSON, deep or wide, keeps nobody waiting', async () => {
    const counter = await openCounter();
    const million = 1_000_000;
    const wide = payment(5, {}, { sale: { SaleReferenceID: 'x'.repeat(million) } });
    const listed = message('Display', { DisplayOutput: Array(20_000).fill({ Device: 'X' }) });
    const deep = new TextEncoder().encode('['.repeat(million));
    const startedMs = performance.now();
    isSound(await counter.sendBytes(deep));
    isSound(await counter.sendBytes(bytesOf(listed)));
    const answer = await paid(counter, wide);
    expect(answer.Response.Result).toBe('Success');
    expect(performance.now() - startedMs).toBeLessThan(5000);
    const kept = await counter.harness.journal.latestOwnEntries(['tillAsked'], 1);
    expect(JSON.stringify(kept).length).toBeLessThan(5000);
    counter.harness.close();
  });
});

const toUs = (request: string): Uint8Array => {
  const json = jsonOf(new TextEncoder().encode(request));
  json.SaleToPOIRequest.MessageHeader.POIID = POI;
  counted += 1;
  json.SaleToPOIRequest.MessageHeader.ServiceID = `P${counted}`;
  return bytesOf(json);
};
let counted = 0;
