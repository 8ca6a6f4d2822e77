import { createHash, type KeyObject, sign, verify } from 'node:crypto';

/** Who asks. */
export interface Identity {
  readonly merchantId: string;
  readonly keyId: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they go out. */
  readonly target: string;
  readonly body: string;
  /** Milliseconds since 1970, decimal. */
  readonly timestamp: string;
  /** 22 base64url characters, used once. */
  readonly nonce: string;
}

/** The headers that prove a request: docs/retailer-wallet.openapi.yaml, "Signatures". */
export const requestHeaders = (
  request: SignedRequest,
  { merchantId, keyId }: Identity,
  key: KeyObject,
): Readonly<Record<string, string>> => {
  const { method, target, body, timestamp, nonce } = request;
  const lines = ['RW1-REQUEST', method, target, merchantId, keyId, timestamp, nonce, digest(body)];
  return {
    'wallet-merchant': merchantId,
    'wallet-key': keyId,
    'wallet-timestamp': timestamp,
    'wallet-nonce': nonce,
    'wallet-signature': sign(null, Buffer.from(lines.join('\n')), key).toString('base64url'),
  };
};

export interface SignedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Whether the answer is the host's, to the request with this nonce and to no other. */
export const isProven = (
  { status, headers, body }: SignedResponse,
  nonce: string,
  hostKey: KeyObject,
): boolean => {
  const header = (name: string): string => String(headers[`wallet-${name}`] ?? '');
  const lines = ['RW1-RESPONSE', String(status), nonce, header('timestamp'), digest(body)];
  const signature = Buffer.from(header('signature'), 'base64url');
  return (
    header('nonce') === nonce &&
    verify(null, Buffer.from(lines.join('\n')), hostKey, new Uint8Array(signature))
  );
};

const digest = (body: string): string => createHash('sha256').update(body).digest('hex');
