import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import {
  createKeyRing,
  encodeResponse,
  failure,
  isUnreadable,
  looksSecured,
  type NexoRequest,
  openSecured,
  paymentReceipt,
  paymentResponse,
  readRequest,
  refusal,
  seal,
  type ToldPayment,
} from '#nexo/index.ts';
import { type AdyenTill, adyenTill, paymentBody } from '#test/support/adyen-till.ts';
import { terminalCertificates } from '#test/support/terminal-certificates.ts';
import { facts } from './examples.ts';
import { paymentFacts } from './payments.ts';

// The library always calls port 8443: each test run has a loopback address of its own.
const HOST = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

const key = {
  AdyenCryptoVersion: 1,
  KeyIdentifier: 'shop',
  KeyVersion: 1,
  Passphrase: 'correct horse battery staple',
};

let folder: string;
let till: AdyenTill;
let plain: AdyenTill;
let wrong: AdyenTill;
let server: ReturnType<typeof createServer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-adyen-'));
  const rootFile = join(folder, 'root.pem');
  const { root, leaf, leafKey } = await terminalCertificates();
  await writeFile(rootFile, root);
  server = createServer({ key: leafKey, cert: leaf }, async (request, response) => {
    response.end(request.url === '/nexo/' ? answerTo(await text(request)) : '');
  }).listen(8443, HOST);
  await once(server, 'listening');
  till = adyenTill({ host: HOST, secured: { key, rootFile } });
  plain = adyenTill({ host: HOST });
  wrong = adyenTill({ host: HOST, secured: { key: { ...key, Passphrase: 'other' }, rootFile } });
});

afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

describe("Adyen's own library", () => {
  it('takes our certificate and reads an encrypted payment', async () => {
    const { raw, read } = await till.ask('Payment', paymentBody(10.99, 'EUR'));
    expect(raw).toMatchObject({ PaymentResponse: { Response: { Result: 'Success' } } });
    const { PaymentResponse: payment } = read.SaleToPOIResponse ?? {};
    expect(payment?.PaymentResult?.AmountsResp?.AuthorizedAmount).toBe(10.99);
    expect(payment?.POIData.POITransactionID?.TransactionID).toBe('tx-1');
    expect(payment?.PaymentReceipt?.[0]?.OutputContent.OutputText?.[0]?.Text).toContain('TOTAL');
  });

  it('reads a plain one', async () => {
    const { read } = await plain.ask('Payment', paymentBody(10.99, 'EUR'));
    expect(read.SaleToPOIResponse?.PaymentResponse?.Response.Result).toBe('Success');
  });

  it('reads a refusal and its condition', async () => {
    const { read } = await till.ask('Diagnosis', { HostDiagnosisFlag: false });
    expect(read.SaleToPOIResponse?.DiagnosisResponse?.Response).toMatchObject({
      Result: 'Failure',
      ErrorCondition: 'UnavailableService',
    });
  });

  it('takes it that an abort is never answered', async () => {
    const body = { AbortReason: 'MerchantAbort', MessageReference: { ServiceID: '1' } };
    const { raw, read } = await till.ask('Abort', body);
    expect(raw).toBeUndefined();
    expect(read.SaleToPOIResponse).toBeUndefined();
  });

  it('is not understood with another passphrase', async () => {
    const { raw } = await wrong.ask('Payment', paymentBody(10.99, 'EUR'));
    expect(raw).toBeUndefined();
  });

  it('refuses a certificate of another name', async () => {
    const { root, leaf, leafKey } = await terminalCertificates('counter.example');
    const rootFile = join(folder, 'other-root.pem');
    await writeFile(rootFile, root);
    server.setSecureContext({ key: leafKey, cert: leaf });
    const asked = adyenTill({ host: HOST, secured: { key, rootFile } }).ask('Payment', {});
    await expect(asked).rejects.toThrow("Couldn't verify certificate");
  });
});

const told: ToldPayment = {
  status: 'approved',
  transactionId: 'tx-1',
  amountMinor: 1099,
  currency: 'EUR',
  reason: 'approved',
  scheme: 'Visa',
  maskedPan: '476173******0010',
};

const ring = () => {
  const { KeyIdentifier: identifier, KeyVersion: version, Passphrase: passphrase } = key;
  const made = createKeyRing([{ identifier, version, cryptoVersion: 1, passphrase }]);
  if (isMalformed(made)) throw new Error(made.problem);
  return made;
};

// What a terminal does, and no more: one payment is approved, all else is not available.
function answerTo(received: string): string {
  const json: unknown = JSON.parse(received);
  if (!looksSecured(json)) return answered(json)?.message ?? '';
  const keys = ring();
  const opened = openSecured(json, keys);
  if (isMalformed(opened)) return '';
  const answer = answered(JSON.parse(new TextDecoder().decode(opened.plaintext)));
  if (answer === undefined) return '';
  const { header, message } = answer;
  return seal('SaleToPOIResponse', header, message, keys.current, randomBytes(16));
}

function answered(json: unknown) {
  const request = readRequest(json);
  if (isUnreadable(request)) throw new Error(request.unreadable.problem);
  const receipts = [paymentReceipt('merchant', [{ key: 'totalAmount', name: 'TOTAL' }])];
  const answer =
    request.category === 'Payment'
      ? paymentResponse(request as NexoRequest<'Payment'>, told, { ...paymentFacts, receipts })
      : refusal(request, failure('UnavailableService'), facts);
  return answer && { header: answer.header, message: encodeResponse(answer) };
}
