import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Keys } from './keys.ts';

/** What stands inside the answer's "…_response", signature checked, names as Alipay writes them. */
export type GatewayAnswer = Readonly<Record<string, unknown>> & { readonly code: string };

export interface Gateway {
  /** Loads the SDK: 40 MB that nobody needs before a wallet is used. */
  prepare(): void;
  /**
   * One question. Fault `timeout` after `deadlineMs`, `linkDown` when nobody answered, `protocol`
   * when the answer is none of Alipay's: its form, its signature, or another order's.
   */
  ask(
    method: string,
    content: Readonly<Record<string, unknown>> & { readonly out_trade_no: string },
    deadlineMs: number,
  ): Promise<GatewayAnswer | Fault>;
}

export interface GatewayOptions {
  readonly appId: string;
  /** https://openapi.alipay.com/gateway.do, or a sandbox's. */
  readonly gateway: string;
  readonly keys: Keys;
}

export const createGateway = (options: GatewayOptions): Gateway => {
  let loading: Promise<typeof import('alipay-sdk')> | undefined;
  const load: Load = async () => {
    loading ??= import('alipay-sdk');
    try {
      return await loading;
    } catch {
      loading = undefined;
      return fault('serviceDown', 'alipay-sdk is not installed, or not whole');
    }
  };
  return {
    prepare: () => void load(),
    ask: async (method, content, deadlineMs) => {
      const deadline = deadlineIn(deadlineMs, method);
      try {
        return await Promise.race([
          deadline.over,
          asked(load, options, method, content, deadlineMs),
        ]);
      } finally {
        deadline.clear();
      }
    },
  };
};

type Load = () => Promise<typeof import('alipay-sdk') | Fault>;

const asked = async (
  load: Load,
  { appId, gateway, keys }: GatewayOptions,
  method: string,
  content: Readonly<Record<string, unknown>> & { readonly out_trade_no: string },
  deadlineMs: number,
): Promise<GatewayAnswer | Fault> => {
  const library = await load();
  if (isFault(library)) return library;
  // One a question, because the SDK's time limit belongs to it: making one costs nothing.
  const sdk = new library.AlipaySdk({
    appId,
    gateway,
    ...keys,
    keyType: 'PKCS8',
    timeout: deadlineMs,
    camelcase: false,
  });
  try {
    const answer: unknown = await sdk.exec(
      method,
      { bizContent: { ...content } },
      { validateSign: true },
    );
    return checked(answer, method, content.out_trade_no);
  } catch (error) {
    return faultOf(error, method);
  }
};

// An answer can be well signed and yet another's: one that was recorded, say.
const checked = (answer: unknown, method: string, orderId: string): GatewayAnswer | Fault => {
  const { code, out_trade_no: named } = { ...(answer as Record<string, unknown>) };
  if (typeof code !== 'string')
    return fault('protocol', `Alipay's answer to ${method} has no code`);
  if (named !== undefined && named !== orderId) {
    return fault('protocol', `Alipay's answer to ${method} is of another order`);
  }
  return { ...(answer as Record<string, unknown>), code };
};

// The SDK's own sentences quote answers, and could quote what was asked: a shopper's code. Ours
// name the kind of trouble.
const faultOf = (error: unknown, method: string): Fault => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const status = /status: (\d{3})/.exec(message)?.[1];
  if (status !== undefined) {
    return fault('protocol', `Alipay's gateway answered ${method} with HTTP status ${status}`);
  }
  // A missing signature is a TypeError of the verifier, before the SDK can say so.
  if (message.startsWith('验签失败') || error instanceof TypeError) {
    return fault('protocol', `the signature of Alipay's answer to ${method} is wrong`);
  }
  if (message.startsWith('HttpClient Request error')) {
    const reason = codeOf(cause);
    return /Timeout/i.test(reason)
      ? fault('timeout', `Alipay did not answer ${method} in time`)
      : fault('linkDown', `Alipay's gateway can't be reached (${reason})`);
  }
  return fault('protocol', `Alipay's answer to ${method} is none of its gateway`);
};

const codeOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return 'unknown';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code ?? (cause.cause instanceof Error ? codeOf(cause.cause) : cause.name);
};

const deadlineIn = (deadlineMs: number, method: string) => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Fault>((resolve) => {
    const late = fault('timeout', `Alipay did not answer ${method} within ${deadlineMs} ms`);
    timer = setTimeout(() => resolve(late), deadlineMs);
  });
  return { over, clear: () => clearTimeout(timer) };
};
