import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestHeaders } from '#drivers/retailer-wallet/signature.ts';
import { parsePlainYaml } from '#test/support/plain-yaml.ts';
import { openWalletsRig, type WalletsRig } from '#test/support/simulated-wallets.ts';

type Json = Readonly<Record<string, unknown>>;

const document = parsePlainYaml(readFileSync('docs/retailer-wallet.openapi.yaml', 'utf8')) as Json;

const at = (path: string): Json =>
  path
    .split('/')
    .slice(1)
    .reduce<Json>(
      (inside, part) => inside[part.replaceAll('~1', '/').replaceAll('~0', '~')] as Json,
      document,
    );

const resolved = (value: unknown): Json => {
  const { $ref: reference } = value as { readonly $ref?: string };
  return reference === undefined ? (value as Json) : at(reference.slice(1));
};

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'wallet', ...document });

const problemsOf = (schemaPath: string, value: unknown): unknown =>
  ajv.validate({ $ref: `wallet#${schemaPath}` }, value) ? [] : ajv.errors;

let rig: WalletsRig;
let key: KeyObject;
/** What was exercised: "GET /orders/{orderId} 200", and schemas by name. */
const used = new Set<string>();

beforeAll(async () => {
  rig = await openWalletsRig();
  key = createPrivateKey(readFileSync(rig.wallets.ready.keys.merchantPrivateKey, 'utf8'));
});
afterAll(() => rig.close());

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly target: string;
  readonly content?: object;
  readonly nonce?: string;
}

/** Asks as the document says, and holds the answer against it. */
const ask = async ({ path, method, target, content, nonce: given }: Sent) => {
  const { baseUrl, merchantId, keyId } = rig.wallets.ready.retailer;
  const operation = at(`/paths/${path.replaceAll('/', '~1')}`)[method.toLowerCase()] as Json;
  const body = content === undefined ? '' : JSON.stringify(content);
  const nonce = given ?? randomBytes(16).toString('base64url');
  const url = `${baseUrl}${target}`;
  const headers = requestHeaders(
    { method, target: new URL(url).pathname, body, timestamp: String(rig.wallMs()), nonce },
    { merchantId, keyId },
    key,
  );
  expectRequest(operation, path, target, headers);
  const response = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) });
  const answer: unknown = await response.json();
  expectAnswer(operation, response, answer);
  used.add(`${method} ${path} ${response.status}`);
  return { status: response.status, answer: answer as Json, nonce };
};

const expectRequest = (
  operation: Json,
  path: string,
  target: string,
  headers: Readonly<Record<string, string>>,
) => {
  const shared = at(`/paths/${path.replaceAll('/', '~1')}`)['parameters'] as unknown[];
  const parts = path.split('/');
  for (const one of [...shared, ...(operation['parameters'] as unknown[])]) {
    const { name, in: place, schema } = resolved(one);
    const inPath = target.split('/')[parts.indexOf(`{${name}}`)];
    const value = place === 'path' ? inPath : headers[String(name).toLowerCase()];
    expect(ajv.validate(schema as object, value), `${name} is ${value}`).toBe(true);
  }
};

const expectAnswer = (operation: Json, response: Response, answer: unknown) => {
  const answers = operation['responses'] as Json;
  const described = answers[response.status];
  expect(described, `${operation['operationId']} answers ${response.status}`).toBeDefined();
  const { headers, content } = resolved(described) as { headers: Json; content: Json };
  for (const [name, header] of Object.entries(headers)) {
    const { schema } = resolved(header);
    const value = response.headers.get(name);
    expect(ajv.validate(schema as object, value), `${name} is ${value}`).toBe(true);
  }
  const type = response.headers.get('content-type') ?? '';
  const { $ref: schema } = (content[type] as { schema: { $ref: string } }).schema;
  expect(problemsOf(schema.slice(1), answer)).toEqual([]);
};

const order = { amountMinor: 2_000, currency: 978, subject: 'Corner Shop', validForMs: 90_000 };
const ORDER = '/orders/{orderId}';
const REFUND = `${ORDER}/refunds/{refundId}`;

test('paying with a token goes as the document says', async () => {
  const { code: token } = await rig.act({ op: 'code', wallet: 'retailer' });
  const content = { ...order, token };
  expect(problemsOf('/components/schemas/Payment', content)).toEqual([]);
  const paying = { path: `${ORDER}/payment`, method: 'PUT' };
  const paid = await ask({ ...paying, target: '/orders/00000000A001/payment', content });
  expect(paid.answer).toMatchObject({ status: 'paid', payment: { offers: [{}] } });
  await ask({ path: ORDER, method: 'GET', target: '/orders/00000000A001' });
  const differs = { ...content, amountMinor: 1 };
  await ask({ ...paying, target: '/orders/00000000A001/payment', content: differs });
  await ask({ ...paying, target: '/orders/00000000A002/payment', content: order });
  const bad = { ...content, token: 'rw1.nothing' };
  const refused = await ask({ ...paying, target: '/orders/00000000A003/payment', content: bad });
  expect(refused.answer).toMatchObject({ status: 'refused', refusal: { code: 'token-unknown' } });
  const { nonce } = await ask({ path: ORDER, method: 'GET', target: '/orders/0000000000FF' });
  await ask({ path: ORDER, method: 'GET', target: '/orders/0000000000FF', nonce });
  await ask({ ...paying, target: '/orders/0000000000FF/payment', content, nonce });
});

test('a code to scan, and a cancellation, go as the document says', async () => {
  expect(problemsOf('/components/schemas/NewOrder', order)).toEqual([]);
  const path = `${ORDER}/code`;
  const target = '/orders/00000000B001/code';
  const shown = await ask({ path, method: 'PUT', target, content: order });
  expect(shown.answer).toMatchObject({ status: 'open', code: {} });
  await ask({ path, method: 'PUT', target, content: { ...order, currency: 840 } });
  await ask({ path, method: 'PUT', target, content: { ...order, validForMs: 0 } });
  await ask({ path, method: 'PUT', target, content: order, nonce: shown.nonce });
  const { content } = shown.answer['code'] as { content: string };
  await rig.act({ op: 'scan', wallet: 'retailer', content, shopper: 'careful' });
  const waiting = await ask({ path: ORDER, method: 'GET', target: '/orders/00000000B001' });
  expect(waiting.answer).toMatchObject({ status: 'awaiting-confirmation' });
  const cancelling = { path: `${ORDER}/cancellation`, method: 'POST' };
  const closed = await ask({ ...cancelling, target: '/orders/00000000B001/cancellation' });
  expect(closed.answer).toMatchObject({ status: 'cancelled' });
  const { nonce } = closed;
  await ask({ ...cancelling, target: '/orders/00000000B001/cancellation', nonce });
  await ask({ ...cancelling, target: '/orders/00000000B002/cancellation' });
});

test('refunds go as the document says', async () => {
  const { code: token } = await rig.act({ op: 'code', wallet: 'retailer' });
  const target = '/orders/00000000C001/payment';
  await ask({ path: `${ORDER}/payment`, method: 'PUT', target, content: { ...order, token } });
  const content = { amountMinor: 500, currency: 978 };
  expect(problemsOf('/components/schemas/NewRefund', content)).toEqual([]);
  const refund = { path: REFUND, target: '/orders/00000000C001/refunds/r-1' };
  const given = await ask({ ...refund, method: 'PUT', content });
  expect(given.status).toBe(200);
  await ask({ ...refund, method: 'PUT', content: { ...content, amountMinor: 501 } });
  await ask({ ...refund, method: 'PUT', content: { currency: 978 } });
  await ask({ ...refund, method: 'PUT', content, nonce: given.nonce });
  const none = { ...refund, target: '/orders/00000000C009/refunds/r-1' };
  await ask({ ...none, method: 'PUT', content });
  await ask({ ...refund, method: 'GET' });
  await ask({ ...none, method: 'GET' });
  await ask({ ...refund, method: 'GET', nonce: given.nonce });
  const cancelling = { path: `${ORDER}/cancellation`, method: 'POST' };
  const late = await ask({ ...cancelling, target: '/orders/00000000C001/cancellation' });
  expect(late.answer).toMatchObject({ code: 'not-cancellable' });
});

test('every path, answer and schema of the document was met', () => {
  const promised = Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
    Object.entries(item as Json)
      .filter(([method]) => method !== 'parameters')
      .flatMap(([method, operation]) =>
        Object.keys((operation as Json)['responses'] as Json).map(
          (status) => `${method.toUpperCase()} ${path} ${status}`,
        ),
      ),
  );
  expect(promised.filter((one) => !used.has(one))).toEqual([]);
  expect(promised.length).toBeGreaterThan(20);
  const text = readFileSync('docs/retailer-wallet.openapi.yaml', 'utf8');
  const components = document['components'] as Json;
  const unused = ['parameters', 'headers', 'responses', 'schemas'].flatMap((kind) =>
    Object.keys(components[kind] as Json)
      .map((name) => `#/components/${kind}/${name}`)
      .filter((reference) => !text.includes(`'${reference}'`)),
  );
  expect(unused).toEqual([]);
});

test('an answer that lacks what the document promises is noticed', () => {
  expect(problemsOf('/components/schemas/Order', { orderId: '00000000A001' })).not.toEqual([]);
});
