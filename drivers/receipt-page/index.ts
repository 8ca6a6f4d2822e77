import type { Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Fault, fault } from '#ports/fault.ts';
import { type ReceiptPages, type ReceiptPagesOptions, receiptPages } from './pages.ts';

export { receiptKey } from './key.ts';
export {
  type FoundReceipt,
  type ReceiptPages,
  type ReceiptPagesOptions,
  receiptPages,
} from './pages.ts';

export interface ReceiptServerOptions extends Omit<ReceiptPagesOptions, 'origin'> {
  /** Interface to listen on: phones must reach it over the shop's network. */
  readonly host: string;
  /** TCP port; 0 takes any free one (tests). */
  readonly port: number;
  /** As phones reach it, where that is not the address that is listened on. */
  readonly origin?: string;
}

export interface ReceiptServer extends ReceiptPages {
  close(): Promise<void>;
}

// An import of node:http would bring Node's WebSocket client along, with 6 MB that stay.
const { createServer } = process.getBuiltinModule('node:http');

/**
 * A server of its own for receipts' pages, apart from display and console: it knows nothing else.
 * A Fault `serviceDown` when the address can't be listened on.
 */
export const openReceiptServer = async (
  options: ReceiptServerOptions,
): Promise<ReceiptServer | Fault> => {
  const { host, port, log, origin } = options;
  let address: AddressInfo | undefined;
  const pages = receiptPages({
    ...options,
    origin: () => origin ?? (address && originOf(host, address.port)),
  });
  const server = createServer(LIMITS, (request, response) => {
    if (pages.handle(request, response)) return;
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('There is nothing here.\n');
  });
  server.maxConnections = 64;
  const refusal = await listen(server, host, port);
  if (refusal) return refusal;
  address = server.address() as AddressInfo;
  // After listening, what goes wrong is a matter of one connection.
  server.on('error', (error) => log.warn({ error: error.message }, 'receipt server'));
  log.info({ host, port: address.port }, 'receipts are shown to phones');
  return {
    ...pages,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};

const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 2000,
  maxHeaderSize: 8192,
  connectionsCheckingInterval: 2000,
} as const;

const listen = (server: Server, host: string, port: number): Promise<Fault | undefined> =>
  new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      resolve(
        fault('serviceDown', `Receipts can't be shown at ${host}, port ${port}: ${error.message}.`),
      );
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve(undefined);
    });
  });

/** Where a phone of the shop's network finds it. Nowhere, when only this machine does. */
const originOf = (host: string, port: number): string | undefined => {
  const reached = EVERY_INTERFACE.has(host) ? ownAddress() : host;
  if (reached === undefined || LOOPBACK.test(reached)) return undefined;
  return `http://${isIP(reached) === 6 ? `[${reached}]` : reached}:${port}`;
};

const EVERY_INTERFACE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^(localhost|127\.|::1$)/;

const ownAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
