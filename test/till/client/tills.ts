import { createTillClient, type TillClient, type TillClientOptions } from '#till/client/index.ts';
import { type FakeTerminal, openFakeTerminal } from '../fake-terminal.ts';

export type Fetched = (body: string, number: number) => Promise<Response> | Response;

/**
 * A client at a terminal of plain values. With `fetched` a test is the line between them: it is
 * given each message and how many came before it.
 */
export const tillAt = (
  options: Partial<TillClientOptions> = {},
  fetched?: (terminal: FakeTerminal) => Fetched,
): { readonly till: TillClient; readonly terminal: FakeTerminal } => {
  const terminal = openFakeTerminal();
  let number = 0;
  const line = fetched?.(terminal) ?? (async (body: string) => answerOf(terminal, body));
  const till = createTillClient({
    url: 'https://terminal.example:8443/nexo/',
    saleId: 'till-1',
    poiId: 'POI-1',
    askAgainMs: 1,
    fetch: async (_url, init) => {
      number += 1;
      return line(String(init?.body), number - 1);
    },
    ...options,
  });
  return { till, terminal };
};

export const answerOf = async (terminal: FakeTerminal, body: string): Promise<Response> =>
  new Response((await terminal.receive(body)) ?? '');

/** As fetch fails where there is no connection. */
export const noConnection = (): never => {
  throw new TypeError('fetch failed');
};
