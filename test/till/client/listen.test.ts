import { expect, test } from 'vitest';
import { displayNotification, encodeRequest, eventNotification } from '#nexo/index.ts';
import type { TillNotification } from '#till/client/index.ts';
import { tillAt } from './tills.ts';

/** A socket that a test speaks through. */
class FakeSocket extends EventTarget {
  static readonly opened: FakeSocket[] = [];
  readonly url: string;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeSocket.opened.push(this);
  }

  say(text: string): void {
    this.dispatchEvent(new MessageEvent('message', { data: text }));
  }

  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

const HEADER = {
  ProtocolVersion: '3.0',
  MessageClass: 'Service',
  MessageCategory: 'Payment',
  MessageType: 'Request',
  ServiceID: 'PAYMENT001',
  SaleID: 'till-1',
  POIID: 'POI-1',
} as const;

const PROGRESS = encodeRequest(
  displayNotification(HEADER, 'CARD_PRESENTED', {
    transactionId: 'payment 7',
    nowMs: 0,
    deviceId: 'D1',
  }),
);

const EVENT = encodeRequest(
  eventNotification(
    'Shutdown',
    { reason: 'power' },
    { nowMs: 0, poiId: 'POI-1', saleId: 'till-1', newId: 'N1', period: 1 },
  ),
);

test('a till hears how far its payment is, and of events', async () => {
  const heard: TillNotification[] = [];
  const connections: boolean[] = [];
  const { till } = tillAt({ WebSocket: FakeSocket as unknown as typeof WebSocket });
  const two = new Promise<void>((resolve) => {
    const listening = till.listen({
      onConnection: (connected) => connections.push(connected),
      onNotification: (notification) => {
        heard.push(notification);
        if (heard.length === 2) {
          listening.close();
          resolve();
        }
      },
    });
  });
  const socket = FakeSocket.opened.at(-1);
  expect(socket?.url).toBe('wss://terminal.example:8443/nexo/events?saleId=till-1');
  socket?.dispatchEvent(new Event('open'));
  socket?.say('no JSON');
  socket?.say(PROGRESS);
  socket?.say(EVENT);
  await two;
  expect(heard).toEqual([
    {
      kind: 'progress',
      event: 'CARD_PRESENTED',
      transactionId: 'payment 7',
      serviceId: 'PAYMENT001',
    },
    { kind: 'event', event: 'Shutdown', details: { reason: 'power' } },
  ]);
  expect(connections).toEqual([true, false]);
});
