import {
  type Control,
  type ControlAnswer,
  natural,
  openControlSocket,
  word,
  wrong,
} from '../process/control-socket.ts';
import type { Acquirer } from './acquirer.ts';
import { faultTargets, isFaultTarget } from './fault-plan.ts';
import { faults, isFaultName } from './faults.ts';
import { issueNewKeys } from './keys.ts';

/** A request on the control socket, one a line as JSON. */
export type ControlRequest =
  | { readonly op: 'status' | 'absent' | 'present' | 'normal' | 'faults' | 'new-keys' }
  | { readonly op: 'slow'; readonly ms: number }
  | { readonly op: 'ledger'; readonly last?: number }
  | { readonly op: 'totals'; readonly terminal?: string }
  | {
      readonly op: 'fault';
      readonly name: string;
      readonly times?: number;
      readonly lateMs?: number;
      readonly on?: string;
    };

/** Opens the control socket; only this user can connect to it. */
export const openControl = (path: string, acquirer: Acquirer): Promise<Control> =>
  openControlSocket(path, 'acquirer', (request) => act(request, acquirer));

const act = async (
  request: Readonly<Record<string, unknown>>,
  acquirer: Acquirer,
): Promise<ControlAnswer> => {
  const { op, ms, last, name, times, lateMs, on = 'payment', terminal } = request;
  switch (op) {
    case 'ledger':
      return { ok: true, entries: acquirer.last(natural(last) ?? 10) };
    case 'faults':
      return { ok: true, faults: meanings, on: Object.keys(faultTargets) };
    case 'new-keys': {
      const initialKeyId = await issueNewKeys(acquirer.keys);
      return { ok: true, initialKeyId, files: acquirer.keys };
    }
    case 'totals':
      return { ok: true, terminals: acquirer.books(word(terminal)) };
    case 'status':
      break;
    case 'absent':
      await acquirer.absent();
      break;
    case 'present':
      await acquirer.present();
      break;
    case 'normal':
      await acquirer.normal();
      break;
    case 'slow': {
      const slowMs = natural(ms);
      if (slowMs === undefined) return wrong('slow: ms must be a whole number');
      acquirer.slow(slowMs);
      break;
    }
    case 'fault':
      if (!isFaultName(name)) return wrong(`fault: name is one of ${Object.keys(faults)}`);
      if (!isFaultTarget(on)) return wrong(`fault: on is one of ${Object.keys(faultTargets)}`);
      acquirer.goWrong(name, natural(times) ?? 1, natural(lateMs) ?? 20_000, on);
      break;
    default:
      return wrong(`op ${String(op)} is not known`);
  }
  return { ok: true, ...acquirer.status() };
};

const meanings = Object.fromEntries(
  Object.entries(faults).map(([name, { meaning }]) => [name, meaning]),
);
