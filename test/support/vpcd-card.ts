import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CardStub } from '#test/ports/card-reader-suite.ts';

/** A card that lies in the field of the virtual reader. */
export interface InsertedCard {
  /** How often the reader has powered it up or reset it. */
  powerUps(): number;
  /** How many commands it was sent. */
  commands(): number;
  /** When it last got a command, and power (performance.now); undefined if never. */
  lastCommandAtMs(): number | undefined;
  lastPowerUpAtMs(): number | undefined;
  /** When it last lost its power by the reader's word. */
  lastPowerDownAtMs(): number | undefined;
  /** When it left the field (performance.now), taken away or torn away; undefined while there. */
  goneAtMs(): number | undefined;
  /** Takes it away, if it isn't gone yet. */
  remove(): Promise<void>;
}

/**
 * Puts a card into the virtual reader (vpcd) at `port`. vpcd speaks first: frames of a two-byte
 * length and a payload; one byte is an order to the card, more is a command.
 */
export const insertVpcdCard = async (card: CardStub, port: number): Promise<InsertedCard> => {
  const socket = await connect(port);
  const count = { powerUps: 0, commands: 0 };
  const at: { command?: number; powerUp?: number; powerDown?: number; gone?: number } = {};
  const obey = (order: number | undefined): void => {
    if (order === POWER_OFF) at.powerDown = performance.now();
    if (order === POWER_ON || order === RESET) {
      count.powerUps++;
      at.powerUp = performance.now();
    }
    // To be seen at all, a card gives some ATR; its own counts once it is powered up.
    if (order === GET_ATR) send(socket, count.powerUps > 0 ? atrOf(card) : UNPOWERED_ATR);
  };
  socket.on('close', () => {
    at.gone = performance.now();
  });
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const payload = Uint8Array.from(pending.subarray(2, end));
      pending = pending.subarray(end);
      if (payload.length > 1) {
        count.commands++;
        at.command = performance.now();
        respond(socket, card, payload);
      } else obey(payload[0]);
    }
  });
  return {
    powerUps: () => count.powerUps,
    commands: () => count.commands,
    lastCommandAtMs: () => at.command,
    lastPowerUpAtMs: () => at.powerUp,
    lastPowerDownAtMs: () => at.powerDown,
    goneAtMs: () => at.gone,
    remove: async () => {
      if (socket.destroyed) return;
      socket.destroy();
      await once(socket, 'close');
    },
  };
};

const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const GET_ATR = 4;

const UNPOWERED_ATR = Uint8Array.of(0x3b, 0x00);
/** An ATR is TS and at most 32 more (ISO 7816-3). To pcscd, a longer one is a failed power-up. */
const NO_ATR = new Uint8Array(34).fill(0x3b);

/**
 * A card that can't be powered up lies in the field all the same. vpcd asks for the ATR to learn
 * whether a card is there, and waits forever for the rest of an empty one.
 */
const atrOf = ({ atr }: CardStub): Uint8Array => (atr.length > 0 ? atr : NO_ATR);

const respond = (socket: Socket, card: CardStub, command: Uint8Array): void => {
  const response = card.respond(command);
  if (response === 'tear') socket.destroy();
  else if (response !== 'mute') send(socket, response);
};

const send = (socket: Socket, payload: Uint8Array): void => {
  const frame = Buffer.alloc(2 + payload.length);
  frame.writeUInt16BE(payload.length, 0);
  frame.set(payload, 2);
  socket.write(frame);
};

/** The reader listens a moment after its service does. */
const connect = async (port: number): Promise<Socket> => {
  const deadlineMs = performance.now() + 3000;
  for (;;) {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    // A reader that dies resets the connection: the card is out of the field then.
    socket.on('error', () => {});
    const connected = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      once(socket, 'close').then(
        () => false,
        () => false,
      ),
    ]);
    if (connected) return socket;
    if (performance.now() > deadlineMs) throw new Error(`no virtual reader at port ${port}`);
    await sleep(20);
  }
};
