import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { expect } from 'vitest';
import { describeMalformed, isMalformed, type Malformed } from '#bytes/malformed.ts';
import { aesCmac } from '#crypto/cmac.ts';
import type { CertificatePaths } from '#drivers/simulated/acquirer/certificates.ts';
import {
  createCodec,
  createFramer,
  type DialectName,
  type FramingOptions,
  type Message,
  macInput,
  text,
  withMac,
} from '#iso8583/index.ts';

export interface HandTerminalOptions {
  readonly dialect?: DialectName;
  readonly framing?: FramingOptions;
  readonly macKey?: Uint8Array;
}

/** A terminal's end of a real connection, without any will of its own. */
export interface HandTerminal {
  readonly received: Message[];
  readonly isConnected: () => boolean;
  send(message: Message): void;
  /** A frame of these bytes. */
  frame(bytes: Uint8Array): void;
  raw(bytes: Uint8Array): void;
  /** The answer with this STAN, or undefined when the connection ends before. */
  ask(message: Message): Promise<Message | undefined>;
  /** DE 39 of the answer. */
  code(message: Message): Promise<string | undefined>;
  end(): void;
}

export const connectTerminal = async (
  { port, certificates }: { readonly port: number; readonly certificates: CertificatePaths },
  { dialect = 'iso8583-1987-ascii', framing, macKey }: HandTerminalOptions = {},
): Promise<HandTerminal> => {
  const codec = createCodec({ dialect, mac: macKey !== undefined, localTime: () => LOCAL_TIME });
  const framer = createFramer(framing);
  const socket = connect({
    host: 'localhost',
    port,
    ca: await readFile(certificates.authority),
    cert: await readFile(certificates.clientCertificate),
    key: await readFile(certificates.clientKey),
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const received: Message[] = [];
  let rest: Uint8Array = new Uint8Array();
  socket.on('data', (chunk) => {
    const cut = orThrow(framer.split(rest, new Uint8Array(chunk)));
    rest = cut.rest;
    for (const bytes of cut.messages) {
      const message = codec.decode(bytes);
      // What a faulty host sends needs not be a message.
      if (!isMalformed(message)) received.push(message);
    }
  });
  const raw = (bytes: Uint8Array) => void socket.write(bytes);
  const frame = (bytes: Uint8Array) => raw(orThrow(framer.frame(bytes)));
  const send = (message: Message) => {
    const bytes = orThrow(codec.encode(message));
    if (macKey === undefined) return frame(bytes);
    return frame(orThrow(withMac(bytes, aesCmac(macKey, macInput(bytes)).slice(0, 8))));
  };
  const ask = async (message: Message): Promise<Message | undefined> => {
    const before = received.length;
    send(message);
    const answer = () => received.slice(before).find((it) => text(it, 11) === text(message, 11));
    await expect.poll(() => answer() !== undefined || socket.closed, PATIENTLY).toBe(true);
    return answer();
  };
  return {
    received,
    isConnected: () => !socket.closed,
    send,
    frame,
    raw,
    ask,
    code: async (message) => {
      const answer = await ask(message);
      return answer === undefined ? undefined : text(answer, 39);
    },
    end: () => void socket.destroy(),
  };
};

const LOCAL_TIME = '261121165900';
const PATIENTLY = { timeout: 5_000, interval: 5 };

const orThrow = <T extends object>(value: T | Malformed): T => {
  if (isMalformed(value)) throw new Error(describeMalformed(value));
  return value;
};
