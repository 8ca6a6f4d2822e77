import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal } from '#nexo/index.ts';
import {
  type Answer,
  bytesOf,
  cardIsAwaited,
  jsonOf,
  key,
  message,
  openCounter,
  opened,
  POI,
  payment,
  ringOf,
  type TestCounter,
  tap,
} from './counter.ts';

const ring = ringOf(key);
const nonce = new Uint8Array(16).fill(7);

const sealedBy = (request: Answer, by = ring, inFront: object = {}): Uint8Array => {
  const header = request.SaleToPOIRequest.MessageHeader;
  const text = seal('SaleToPOIRequest', header, JSON.stringify(request), by.current, nonce);
  const json = JSON.parse(text);
  json.SaleToPOIRequest.MessageHeader = { ...header, ...inFront };
  return bytesOf(json);
};

const changed = (bytes: Uint8Array, change: (inner: Answer) => void): Uint8Array => {
  const json = jsonOf(bytes);
  change(json.SaleToPOIRequest);
  return bytesOf(json);
};

/** The Base64 with its last byte but one changed: other padding, or another HMAC. */
const bent = (encoded: string): string => {
  const bytes = Buffer.from(encoded, 'base64');
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
  return bytes.toString('base64');
};

describe('a terminal that takes only what is encrypted', () => {
  let counter: TestCounter;
  let rings = ring;
  beforeEach(async () => {
    rings = ring;
    counter = await openCounter({ parts: { plain: false, keys: () => rings } });
  });
  afterEach(() => counter.harness.close());

  it('answers an encrypted payment encrypted, and what it tells meanwhile too', async () => {
    const answer = counter.sendBytes(sealedBy(payment()));
    await tap(counter);
    const { PaymentResponse } = opened((await answer) ?? new Uint8Array(), ring).SaleToPOIResponse;
    expect(PaymentResponse.Response.Result).toBe('Success');
    const [first] = counter.notifications;
    expect(opened(first?.message ?? new Uint8Array(), ring).SaleToPOIRequest).toHaveProperty(
      'DisplayRequest',
    );
  });

  it('takes a repeat that is sealed anew for the same request', async () => {
    const request = payment();
    const first = counter.sendBytes(sealedBy(request));
    await cardIsAwaited(counter);
    const other = jsonOf(sealedBy(request));
    const again = seal(
      'SaleToPOIRequest',
      other.SaleToPOIRequest.MessageHeader,
      JSON.stringify(request, undefined, 2),
      ring.current,
      new Uint8Array(16).fill(9),
    );
    const second = counter.sendBytes(new TextEncoder().encode(again));
    await tap(counter);
    expect(opened((await second) ?? new Uint8Array(), ring)).toEqual(
      opened((await first) ?? new Uint8Array(), ring),
    );
    expect(counter.harness.payments).toHaveLength(1);
  });

  it('answers with the key of the request while keys are exchanged', async () => {
    const next = { ...key, version: 2, passphrase: 'open barley' };
    rings = ringOf(key, next);
    for (const one of [ring, ringOf(next)]) {
      const answer = await counter.sendBytes(sealedBy(message('Diagnosis', {}), one));
      expect(opened(answer ?? new Uint8Array(), one)).toHaveProperty('SaleToPOIResponse');
    }
  });
});

describe('a message that can not be opened', () => {
  const sound = sealedBy(payment(12.5, { ServiceID: 'SAME' }));
  const wrong: readonly (readonly [string, Uint8Array])[] = [
    ['made with another passphrase', sealedBy(payment(), ringOf({ ...key, passphrase: 'x' }))],
    ['of another key version', sealedBy(payment(), ringOf({ ...key, version: 9 }))],
    ['of a key that nobody has', sealedBy(payment(), ringOf({ ...key, identifier: 'other' }))],
    [
      'with another nonce',
      changed(sound, (inner) => {
        inner.SecurityTrailer.Nonce = bent(inner.SecurityTrailer.Nonce);
      }),
    ],
    [
      'with another HMAC',
      changed(sound, (inner) => {
        inner.SecurityTrailer.Hmac = bent(inner.SecurityTrailer.Hmac);
      }),
    ],
    [
      'with other padding',
      changed(sound, (inner) => {
        inner.NexoBlob = bent(inner.NexoBlob);
      }),
    ],
    [
      'cut short',
      changed(sound, (inner) => {
        inner.NexoBlob = inner.NexoBlob.slice(0, 64);
      }),
    ],
    [
      'without a trailer',
      changed(sound, (inner) => {
        delete inner.SecurityTrailer;
      }),
    ],
    [
      'with another amount in front',
      changed(sealedBy(payment()), (inner) => {
        inner.MessageHeader.ServiceID = 'OTHER';
      }),
    ],
    ["in another till's name", sealedBy(payment(), ring, { SaleID: 'Till 2' })],
    ['in plain', bytesOf(payment())],
    ['that is no JSON', new TextEncoder().encode('{"SaleToPOIRequest"')],
    ['that is empty', new Uint8Array()],
  ];

  it('is answered and logged the same whatever is wrong, and nothing is done', async () => {
    const counter = await openCounter();
    const { entropy, clock } = counter.parts;
    counter.harness.close();
    const still = await openCounter({
      parts: {
        plain: false,
        keys: () => ring,
        clock: { ...clock, wallMs: () => 1_790_000_000_000 },
        entropy: { ...entropy, bytes: (length) => new Uint8Array(length) },
      },
    });
    const answers = new Set<string>();
    for (const [, bytes] of wrong) {
      const from = still.lines.length;
      const answer = new TextDecoder().decode(await still.sendBytes(bytes));
      answers.add(JSON.stringify([answer, still.lines.slice(from)]));
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain('Reject');
    expect([...answers][0]).not.toMatch(/open sesame|Till 2/);
    expect(still.harness.payments).toHaveLength(0);
    expect(still.harness.screens()).not.toContain('presentCard');
    still.harness.close();
  });

  it.each([
    ['that is for another terminal', { POIID: `${POI}0` }],
    ['of a till with an endless name', { SaleID: 'x'.repeat(5000) }],
  ])('%s is not allowed', async (_, header) => {
    const counter = await openCounter();
    const { Response } = await counter.send(payment(12.5, header));
    expect(Response.ErrorCondition).toBe('NotAllowed');
    counter.harness.close();
  });
});
