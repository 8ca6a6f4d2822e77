import { createSign, createVerify, type KeyObject } from 'node:crypto';
import type { Books } from '../books.ts';
import type { FaultTarget, Twist } from '../faults.ts';
import type { Understood, WebReply, WebRequest } from '../web-host.ts';
import { type Payload, type Service, services } from './services.ts';

export interface GatewayOptions {
  readonly books: Books;
  readonly appId: string;
  /** The terminal's: what it signs with is checked by this. */
  readonly appPublicKey: KeyObject;
  /** Alipay's own. */
  readonly privateKey: KeyObject;
  readonly wallMs: () => number;
}

/**
 * The gateway that alipay-sdk speaks to (signature RSA2: SHA-256 with RSA): parameters in query and
 * form, `biz_content` as JSON, the answer signed as it stands in the body.
 */
export const understandAlipay =
  (options: GatewayOptions) =>
  (request: WebRequest): Understood => {
    const parameters = parametersOf(request);
    const method = parameters.get('method') ?? '';
    const service: Service | undefined = services[method];
    const book = async () => {
      const refused = refusal(parameters, options);
      const payload =
        refused ??
        (service === undefined
          ? invalid('isv.invalid-method', 'no such method')
          : await answer(service, parameters, options));
      return (twist?: Twist) => reply(method, twisted(payload, twist), options, twist);
    };
    return { on: service?.on ?? ('any' satisfies FaultTarget), book };
  };

const answer = async (
  service: Service,
  parameters: ReadonlyMap<string, string>,
  { books, wallMs }: GatewayOptions,
): Promise<Payload> => {
  try {
    const content: unknown = JSON.parse(parameters.get('biz_content') ?? '{}');
    return await service.act(books, { ...(content as object) }, wallMs());
  } catch (error) {
    return invalid('isv.invalid-parameter', error instanceof Error ? error.message : '');
  }
};

/** What the gateway itself finds wrong, before any service sees the request. */
const refusal = (
  parameters: ReadonlyMap<string, string>,
  { appId, appPublicKey }: GatewayOptions,
): Payload | undefined => {
  if (parameters.get('app_id') !== appId) return invalid('isv.invalid-app-id', 'no such app');
  const signed = [...parameters]
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const good =
    parameters.get('sign_type') === 'RSA2' &&
    createVerify('RSA-SHA256')
      .update(signed)
      .verify(appPublicKey, parameters.get('sign') ?? '', 'base64');
  return good ? undefined : invalid('isv.invalid-signature', 'the signature is wrong');
};

const invalid = (code: string, message: string): Payload => ({
  code: '40002',
  msg: 'Invalid Arguments',
  sub_code: code,
  sub_msg: message,
});

const parametersOf = ({ target, body }: WebRequest): ReadonlyMap<string, string> =>
  new Map([...new URL(target, 'http://localhost').searchParams, ...new URLSearchParams(body)]);

const twisted = (payload: Payload, twist: Twist | undefined): Payload => {
  if (twist === 'wrong-order' && 'out_trade_no' in payload) {
    return { ...payload, out_trade_no: '000000000000' };
  }
  const { total_amount: total } = payload;
  return twist === 'wrong-amount' && typeof total === 'string'
    ? { ...payload, total_amount: `1${total}` }
    : payload;
};

const reply = (
  method: string,
  payload: Payload,
  { privateKey }: GatewayOptions,
  twist: Twist | undefined,
): WebReply => {
  const text = JSON.stringify(payload);
  const signed = twist === 'wrong-signature' ? `${text} ` : text;
  const sign = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64');
  const name = `${method.replaceAll('.', '_')}_response`;
  const signature = twist === 'unsigned' ? '' : `,"sign":"${sign}"`;
  return {
    status: 200,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: `{"${name}":${text}${signature}}`,
  };
};
