import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How Wireshark is told to read a message; each is one of the dissector's preferences. */
export interface Reading {
  readonly digits: 'ascii' | 'bcd';
  /** Bitmaps and `b` elements as bytes, or as hexadecimal characters. */
  readonly binary: 'bin' | 'ascii';
}

/** What Wireshark saw: MTI and elements by number, as it shows them; and where it gave up. */
export interface Seen {
  readonly mti: string;
  readonly elements: Readonly<Record<string, string>>;
  /** Elements that it calls malformed; it reads no further. */
  readonly malformed: readonly string[];
}

/** Lets tshark (Debian: tshark) dissect framed messages, each in a TCP segment of its own. */
export const dissect = async (
  framed: readonly Uint8Array[],
  { digits, binary }: Reading,
): Promise<readonly Seen[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-wireshark-'));
  try {
    const file = join(folder, 'messages.pcap');
    await writeFile(file, capture(framed), { mode: 0o600 });
    const preferences = ['len_endian:bigendian', `charset:${digits}`, `binencode:${binary}`];
    const { stdout } = await promisify(execFile)(
      'tshark',
      [
        ...['-n', '-r', file, '-d', `tcp.port==${PORT},iso8583`, '-T', 'json', '-J', 'iso8583'],
        ...preferences.flatMap((preference) => ['-o', `iso8583.${preference}`]),
      ],
      { maxBuffer: 64e6, env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' } },
    );
    return (JSON.parse(stdout) as readonly Packet[]).map(seenIn);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Packet {
  readonly _source: { readonly layers: { readonly iso8583?: Readonly<Record<string, unknown>> } };
}

const seenIn = ({ _source: { layers } }: Packet): Seen => {
  const tree = layers.iso8583 ?? {};
  const elements: Record<string, string> = {};
  const malformed: string[] = [];
  for (const [name, value] of Object.entries(tree)) {
    const [, number, below] = /^iso8583\.bit(\d+)(_tree)?$/.exec(name) ?? [];
    if (number === undefined) continue;
    if (below !== undefined) malformed.push(number);
    else if (typeof value === 'string') elements[number] = value;
  }
  return { mti: String(tree['iso8583.mti']), elements, malformed };
};

const PORT = 5555;

/** A pcap file (libpcap 2.4) of raw IP packets, a second apart. */
const capture = (payloads: readonly Uint8Array[]): Uint8Array => {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  // LINKTYPE_RAW
  header.writeUInt32LE(101, 20);
  let sequence = 1;
  const packets = payloads.flatMap((payload, second) => {
    const ip = segment(payload, sequence);
    sequence += payload.length;
    const record = Buffer.alloc(16);
    record.writeUInt32LE(second, 0);
    record.writeUInt32LE(ip.length, 8);
    record.writeUInt32LE(ip.length, 12);
    return [record, ip];
  });
  return Buffer.concat([header, ...packets]);
};

/** IPv4 and TCP (PSH, ACK) around a payload; tshark doesn't look at checksums unless told to. */
const segment = (payload: Uint8Array, sequence: number): Buffer => {
  const packet = Buffer.alloc(40 + payload.length);
  packet[0] = 0x45;
  packet.writeUInt16BE(packet.length, 2);
  packet.set([64, 6], 8);
  packet.set([127, 0, 0, 1, 127, 0, 0, 2], 12);
  packet.writeUInt16BE(40_000, 20);
  packet.writeUInt16BE(PORT, 22);
  packet.writeUInt32BE(sequence, 24);
  packet.set([0x50, 0x18, 0xff, 0xff], 32);
  packet.set(payload, 40);
  return packet;
};
