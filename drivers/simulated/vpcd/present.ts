import { connect, type Socket } from 'node:net';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { PresentableCard } from '../card/presentable-card.ts';
import {
  type HeldCard,
  hold,
  type Presentation,
  type PresentationOptions,
} from '../card/presentation.ts';
import { encodeFrame, frameAssembler, readRequest } from './frames.ts';

/** Where vpcd listens unless its configuration says otherwise. */
export const VPCD_PORT = 35963;

export interface VpcdOptions extends PresentationOptions {
  readonly host?: string;
  readonly port?: number;
}

/**
 * Holds a card to vsmartcard's virtual reader (vpcd), so that it reaches pcscd like any other card.
 * Resolves when the card is out of the field again; to a Fault `serviceDown` when nobody listens.
 */
export const presentToVpcd = async (
  card: PresentableCard,
  options: VpcdOptions,
): Promise<Presentation | Fault> => {
  const { host = '127.0.0.1', port = VPCD_PORT } = options;
  const socket = await dial(host, port);
  if (isFault(socket)) return socket;
  const held = hold(card, options);
  wire(socket, held);
  const presentation = await held.done;
  await hangUp(socket, presentation.end === 'torn');
  return presentation;
};

const dial = (host: string, port: number): Promise<Socket | Fault> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      const where = `no virtual reader answers at ${host}:${port} (${error.message})`;
      resolve(
        fault('serviceDown', `${where}: is the terminal running with the virtual reader (vpcd)?`),
      );
    });
  });

const wire = (socket: Socket, held: HeldCard): void => {
  const assemble = frameAssembler();
  const reply = (payload: Uint8Array) => {
    const answer = react(payload, held);
    // Nothing is written to a reader that the card has left.
    if (answer !== undefined && socket.writable) socket.write(encodeFrame(answer));
  };
  socket.on('data', (chunk: Uint8Array) => {
    for (const payload of assemble(chunk)) {
      const waitMs = delayOf(payload, held);
      if (waitMs > 0) setTimeout(() => reply(payload), waitMs);
      else reply(payload);
    }
  });
  const lost = () => held.leave('readerGone');
  socket.on('error', lost);
  socket.on('end', lost);
  socket.on('close', lost);
};

const delayOf = (payload: Uint8Array, held: HeldCard): number => {
  const request = readRequest(payload);
  return request.kind === 'apdu' ? held.delayMs(request.command) : 0;
};

// The bytes to send back, if any.
const react = (payload: Uint8Array, held: HeldCard): Uint8Array | undefined => {
  const request = readRequest(payload);
  switch (request.kind) {
    case 'powerOn':
      held.powerOn();
      return undefined;
    case 'powerOff':
      held.powerOff();
      return undefined;
    case 'reset':
      held.powerOff();
      held.powerOn();
      return undefined;
    case 'getAtr':
      return held.atr;
    case 'apdu': {
      const answer = held.respond(request.command);
      return typeof answer === 'string' ? undefined : answer;
    }
    case 'unknown':
      return undefined;
  }
};

// A torn card leaves at once, with what it had not said yet.
const hangUp = (socket: Socket, torn: boolean): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) {
      resolve();
      return;
    }
    socket.once('close', () => resolve());
    if (torn) socket.destroy();
    else socket.end(() => socket.destroy());
  });
