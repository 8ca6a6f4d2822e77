import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { concat } from '#bytes/bytes.ts';
import { encodeFrame, frameAssembler } from '#drivers/simulated/vpcd/frames.ts';

/** The reader's side of vpcd, for one card at a time. */
export interface FakeVpcd {
  readonly port: number;
  /** Resolves when a card is in the field. */
  cardCame(): Promise<void>;
  /** Resolves when the card has left. */
  cardLeft(): Promise<void>;
  /** Frames joined into one write. */
  send(...payloads: readonly Uint8Array[]): void;
  /** Bytes as they are: part of a frame, for instance. */
  sendRaw(bytes: Uint8Array): void;
  /** The card's next frame; undefined when it leaves instead. */
  receive(): Promise<Uint8Array | undefined>;
  /** The reader goes away. */
  hangUp(): void;
  close(): Promise<void>;
}

export const startFakeVpcd = async (): Promise<FakeVpcd> => {
  const server = createServer({ noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connected = once(server, 'connection').then(([socket]) => follow(socket as Socket));
  let card: Followed | undefined;
  void connected.then((followed) => {
    card = followed;
  });
  return {
    port,
    async cardCame() {
      card = await connected;
    },
    cardLeft: async () => (await connected).left,
    send: (...payloads) => void card?.socket.write(concat(...payloads.map(encodeFrame))),
    sendRaw: (bytes) => void card?.socket.write(bytes),
    receive: async () => (await connected).next(),
    hangUp: () => void card?.socket.destroy(),
    async close() {
      card?.socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

interface Followed {
  readonly socket: Socket;
  readonly left: Promise<void>;
  next(): Promise<Uint8Array | undefined>;
}

const follow = (socket: Socket): Followed => {
  const assemble = frameAssembler();
  const frames: Uint8Array[] = [];
  const waiting: ((frame: Uint8Array | undefined) => void)[] = [];
  socket.on('data', (chunk: Uint8Array) => {
    for (const frame of assemble(chunk)) {
      const waiter = waiting.shift();
      if (waiter) waiter(frame);
      else frames.push(frame);
    }
  });
  socket.on('error', () => {});
  const left = new Promise<void>((resolve) => {
    socket.on('close', () => {
      for (const waiter of waiting.splice(0)) waiter(undefined);
      resolve();
    });
  });
  return {
    socket,
    left,
    next: () => {
      const frame = frames.shift();
      if (frame || socket.destroyed) return Promise.resolve(frame);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
};
