import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BOOK_A_INDICATORS, type Indicators } from '#data/indicators.ts';
import type { CustomerDisplay } from '#ports/customer-display.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { PageFiles } from '#ports/page-files.ts';
import { answerer } from './answer.ts';
import { openAnswers } from './answers.ts';
import { openChoices } from './choices.ts';
import { openEventStream } from './event-stream.ts';

// An import of node:http would bring Node's WebSocket client along, with 6 MB that stay.
const { createServer } = process.getBuiltinModule('node:http');

export interface KioskOptions {
  /** Interface to listen on. Anything but loopback shows amounts to the network. */
  readonly host?: string;
  /** TCP port; 0 takes any free one (tests). */
  readonly port: number;
  readonly log: Log;
  /** Lights and tones; as Book A recommends them when absent. */
  readonly indicators?: Indicators;
  /** What was built of `page/`. */
  readonly page: PageFiles;
}

export interface Kiosk extends CustomerDisplay {
  /** Where the browser of the display finds the page, such as "http://127.0.0.1:8080/". */
  readonly url: string;
}

/**
 * Serves the customer display to a browser: the built page, a stream of views (Server-Sent
 * Events), and what shoppers touch (`POST /choice`) and answer (`POST /answer`). Resolves to a
 * Fault `serviceDown` when the address can't be listened on.
 */
export async function openKiosk(options: KioskOptions): Promise<Kiosk | Fault> {
  const { host = '127.0.0.1', log, indicators = BOOK_A_INDICATORS, page } = options;
  await page.refresh();
  const run = randomUUID();
  const choices = openChoices({ log, run });
  const answers = openAnswers({ log, run });
  const events = openEventStream({ log, run, indicators, pageVersion: () => page.version() });
  const server = createServer(answerer({ host, page, events, choices, answers }));
  const refusal = await listen(server, host, options.port);
  if (refusal) {
    await events.close();
    return refusal;
  }
  // After listening, what goes wrong is a matter of one connection.
  server.on('error', (error) => log.warn({ error: error.message }, 'customer display server'));
  const url = urlOf(server.address() as AddressInfo);
  log.info({ url, page: page.version() ?? 'missing' }, 'customer display is served');
  return {
    url,
    show(view) {
      // First what may be touched: no display can be faster than its own view.
      choices.offer(view);
      answers.offer(view);
      events.show(view);
    },
    choices$: choices.choices$,
    answers$: answers.answers$,
    watchers$: events.watchers$,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      choices.close();
      answers.close();
      await events.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<Fault | undefined> {
  return new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) => resolve(whyNot(error, host, port));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve(undefined);
    });
  });
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): Fault {
  const place = `host ${host}, port ${port}`;
  const reason: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program is listening there already',
    EACCES: 'this user may not listen on that port',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'no such host is known',
  };
  const why = reason[error.code ?? ''] ?? error.message;
  return fault('serviceDown', `The customer display can't be served at ${place}: ${why}.`);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}
