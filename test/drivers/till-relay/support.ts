import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';
import { openSimulatedRelay, type SimulatedRelayOptions } from '#drivers/simulated/relay/index.ts';
import { openTillRelay, type RelayOptions } from '#drivers/till-relay/index.ts';
import { type Line, newFolder, recordingLog } from '../http/support.ts';
import { fakeDesk } from '../till/fake-desk.ts';

export const POI = 'Countertap-12345678';
export const TOKEN = 'token-of-this-terminal';
const TILL_KEY = 'key-of-the-tills';
const validity = { fromMs: Date.now() - 86_400_000, untilMs: Date.now() + 86_400_000 };

const identity = () => {
  const authority = createAuthority('A relay', validity);
  const names = ['localhost', '127.0.0.1'];
  const issued = authority.issue({ commonName: 'relay', usage: 'server', names, validity });
  return { ca: authority.certificate, issued };
};

/** A relay, and a terminal that looks for it with a desk that echoes. */
export const openBoth = async (
  options: Partial<RelayOptions> = {},
  relayOptions: Partial<SimulatedRelayOptions> = {},
) => {
  const folder = newFolder();
  const { ca, issued } = identity();
  const startRelay = (port = 0) =>
    openSimulatedRelay({
      ...{ ...issued, port, terminals: { [POI]: TOKEN }, tillKey: TILL_KEY },
      ...relayOptions,
    });
  let relay = await startRelay();
  const { port } = relay;
  const [tokenPath, authorityPath] = [join(folder, 'token'), join(folder, 'relay.pem')];
  writeFileSync(tokenPath, `${TOKEN}\n`);
  writeFileSync(authorityPath, ca);
  const desk = fakeDesk();
  const lines: Line[] = [];
  let loads = 0;
  const terminal = openTillRelay({
    ...{ address: `wss://127.0.0.1:${port}/terminals`, poiId: POI, tokenPath, authorityPath },
    ...{ log: recordingLog(lines), monotonicMs: () => performance.now() },
    desk: async () => {
      loads += 1;
      return desk;
    },
    timing: { retryFirstMs: 20, retryLastMs: 60, pingMs: 200, connectWithinMs: 2000 },
    ...options,
  });
  return {
    ...{ desk, lines, terminal, tokenPath, loads: () => loads, relay: () => relay },
    post: (message: string, how: 'sync' | 'async' = 'sync') => till(port, ca, `/${how}`, message),
    answers: async (saleId: string): Promise<readonly string[]> =>
      JSON.parse((await till(port, ca, `/answers?saleId=${saleId}`)).body),
    restartRelay: async () => {
      await relay.close();
      relay = await startRelay(port);
    },
    close: async () => {
      await terminal.close();
      await relay.close();
    },
  };
};

/** A message that says whose it is; one with the word "wait" waits at the desk. */
export const message = (word: string, poiId = POI): string =>
  JSON.stringify({ SaleToPOIRequest: { MessageHeader: { POIID: poiId, SaleID: 'Till1' }, word } });

const till = (port: number, ca: string, path: string, body?: string) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { 'x-api-key': TILL_KEY };
    const options = { host: '127.0.0.1', port, ca, path, method, headers, agent: false };
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
