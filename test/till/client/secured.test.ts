import { expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { createKeyRing, openSecured, parseJson, seal } from '#nexo/index.ts';
import type { FakeTerminal } from '../fake-terminal.ts';
import { type Fetched, tillAt } from './tills.ts';

const KEY = { identifier: 'till-key', version: 3, passphrase: 'correct horse battery staple' };

const ringOf = (passphrase: string) => {
  const ring = createKeyRing([{ ...KEY, cryptoVersion: 1, passphrase }]);
  if (isMalformed(ring)) throw new Error(ring.problem);
  return ring;
};

// Opened and sealed by src/nexo, which has Node's cryptography; the client has the browser's.
const securedLine =
  (change: (answer: string) => string = (answer) => answer, passphrase = KEY.passphrase) =>
  (terminal: FakeTerminal): Fetched =>
  async (body) => {
    const opened = openSecured(parseJson(body), ringOf(KEY.passphrase));
    if (isMalformed(opened)) throw new Error(opened.problem);
    const plain = new TextDecoder().decode(opened.plaintext);
    const answer = (await terminal.receive(plain)) ?? '';
    const header = JSON.parse(answer).SaleToPOIResponse.MessageHeader;
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const sealed = seal('SaleToPOIResponse', header, answer, ringOf(passphrase).current, nonce);
    return new Response(change(sealed));
  };

const ORDER = { amount: 12.5, currency: 'EUR', reference: 'Größe 42 → €' };

test('what the client encrypts the terminal opens, and the other way round', async () => {
  const { till, terminal } = tillAt({ key: KEY }, securedLine());
  expect(await till.pay(ORDER)).toMatchObject({ status: 'approved', amount: 12.5 });
  const [request] = terminal.requests;
  expect(JSON.stringify(request?.body)).toContain(ORDER.reference);
});

test('nothing of the body travels in the clear, and no nonce twice', async () => {
  const sent: string[] = [];
  const { till } = tillAt({ key: KEY }, (terminal) => (body, number) => {
    sent.push(body);
    return securedLine()(terminal)(body, number);
  });
  await till.pay(ORDER);
  await till.pay(ORDER);
  expect(sent.join()).not.toMatch(/RequestedAmount|correct horse/);
  const nonces = sent.map((body) => JSON.parse(body).SaleToPOIRequest.SecurityTrailer.Nonce);
  expect(new Set(nonces).size).toBe(2);
});

const changed = (field: 'Hmac' | 'Nonce') => (answer: string) => {
  const message = JSON.parse(answer);
  const trailer = message.SaleToPOIResponse.SecurityTrailer;
  const bytes = Buffer.from(trailer[field], 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  trailer[field] = bytes.toString('base64');
  return JSON.stringify(message);
};

const otherKey = (answer: string): string => {
  const message = JSON.parse(answer);
  message.SaleToPOIResponse.SecurityTrailer.KeyVersion = 4;
  return JSON.stringify(message);
};

const truncated = (answer: string): string => {
  const message = JSON.parse(answer);
  message.SaleToPOIResponse.NexoBlob = message.SaleToPOIResponse.NexoBlob.slice(0, 24);
  return JSON.stringify(message);
};

const inTheClear = (): string =>
  JSON.stringify({ SaleToPOIResponse: { MessageHeader: {}, PaymentResponse: {} } });

test.each([
  ['a wrong HMAC', securedLine(changed('Hmac'))],
  ['a wrong nonce', securedLine(changed('Nonce'))],
  ['another passphrase', securedLine(undefined, 'quite another one')],
  ['another key version', securedLine(otherKey)],
  ['a truncated blob', securedLine(truncated)],
  ['no encryption at all', securedLine(inTheClear)],
])('an answer with %s is a fault, and is shown to nobody', async (_, line) => {
  const shown: string[] = [];
  const { till } = tillAt({ key: KEY, onMessage: ({ way }) => shown.push(way) }, line);
  const answer = await till.pay(ORDER);
  expect(answer).toMatchObject({ fault: 'protocol', detail: 'an answer that is not authentic' });
  expect(answer).toMatchObject({ done: 'unknown' });
  expect(shown).toEqual(['sent']);
  expect(JSON.stringify(answer)).not.toContain('horse');
});
