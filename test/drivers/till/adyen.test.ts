import { join } from 'node:path';
import { Client, Config, EnvironmentEnum, TerminalLocalAPI } from '@adyen/api-library';
import { afterEach, expect, test } from 'vitest';
import { openHttps } from '#drivers/http/index.ts';
import { createTillLine } from '#drivers/till/index.ts';
import { isFault } from '#ports/fault.ts';
import { newFolder, recordingLog } from '../http/support.ts';
import { fakeDesk } from './fake-desk.ts';

/** The library speaks to port 8443 and no other: an address that nobody else listens on. */
const HOST = '127.0.0.77';

let close = async () => {};
afterEach(() => close());

const openAs = async (commonName: string) => {
  const folder = newFolder();
  const heard: string[] = [];
  const desk = {
    ...fakeDesk(),
    receive: async (message: Uint8Array) => void heard.push(new TextDecoder().decode(message)),
  };
  const log = recordingLog([]);
  const listener = await openHttps({
    ...{ host: HOST, port: 8443, log, wallMs: Date.now },
    identity: { kind: 'own', folder, names: ['localhost'], commonName },
    app: async () => createTillLine({ desk, log, wallMs: Date.now }),
  });
  if (isFault(listener)) throw new Error(listener.detail);
  close = listener.close;
  expect(await listener.ready()).toBeUndefined();
  const config = new Config({
    ...{ apiKey: 'none', environment: EnvironmentEnum.TEST },
    terminalApiLocalEndpoint: `https://${HOST}`,
    certificatePath: join(folder, 'certificate.pem'),
  });
  return { heard, api: new TerminalLocalAPI(new Client(config)) };
};

const key = {
  ...{ KeyIdentifier: 'shop', KeyVersion: 1, AdyenCryptoVersion: 1 },
  Passphrase: 'correct horse battery',
};

const abort = {
  SaleToPOIRequest: {
    MessageHeader: {
      ...{ MessageClass: 'Service', MessageCategory: 'Abort', MessageType: 'Request' },
      ...{ ServiceID: '1', SaleID: 'Till1', POIID: 'Countertap-1', ProtocolVersion: '3.0' },
    },
  },
};

test("Adyen's library trusts the certificate that it is given, by its common name", async () => {
  const { heard, api } = await openAs('Countertap-COUNTER1.test.terminal.adyen.com');
  await api.request(abort as never, key as never);
  expect(heard).toHaveLength(1);
  expect(JSON.parse(heard[0] ?? '').SaleToPOIRequest.SecurityTrailer.KeyIdentifier).toBe('shop');
});

test('and none of another name', async () => {
  const { heard, api } = await openAs('Countertap');
  await expect(api.request(abort as never, key as never)).rejects.toThrow(/verify certificate/);
  expect(heard).toEqual([]);
});
