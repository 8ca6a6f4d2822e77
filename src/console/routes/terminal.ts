import type { Route } from '../answer.ts';
import type { DevicesView } from '../api.ts';
import type { ConsoleParts } from '../parts.ts';
import { deviceViews } from '../views/devices.ts';
import { nowView } from '../views/now.ts';

/** What goes on at this moment. The page asks for it by itself. */
export const terminalRoutes = (parts: ConsoleParts): readonly Route[] => [
  {
    method: 'GET',
    url: '/api/now',
    needs: 'seeTerminal',
    byItself: true,
    handle: async () => ({ status: 200, body: await nowView(parts) }),
  },
  {
    method: 'GET',
    url: '/api/taps',
    needs: 'seeTerminal',
    byItself: true,
    handle: async () => ({ status: 200, body: parts.taps.latest() }),
  },
  {
    method: 'GET',
    url: '/api/events',
    needs: 'seeTerminal',
    byItself: true,
    handle: async () => ({ status: 200, stream: true }),
  },
  {
    method: 'GET',
    url: '/api/devices',
    needs: 'seeDevices',
    handle: async () => {
      const view: DevicesView = { devices: await deviceViews(parts) };
      return { status: 200, body: view };
    },
  },
  {
    method: 'POST',
    url: '/api/cancel',
    needs: 'cancelPayment',
    action: 'cancel payment',
    handle: async () => {
      const { transactionId: subject = '' } = parts.terminal.status();
      const cancelled = parts.terminal.cancel();
      const says = cancelled ? 'cancelled' : 'no payment is being taken';
      const outcome = cancelled ? {} : { outcome: 'refused' as const };
      return { status: 200, body: { cancelled }, audit: { subject, says, ...outcome } };
    },
  },
];
