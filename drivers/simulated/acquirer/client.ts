import type { Fault } from '#ports/fault.ts';
import { askControlSocket } from '../process/control-client.ts';
import type { ControlAnswer } from '../process/control-socket.ts';
import type { ControlRequest } from './control.ts';

/** Asks a running acquirer over its control socket; its Faults are `askControlSocket`'s. */
export const askAcquirer = (
  path: string,
  request: ControlRequest,
  withinMs = 5_000,
): Promise<ControlAnswer | Fault> => askControlSocket(path, 'acquirer', request, withinMs);
