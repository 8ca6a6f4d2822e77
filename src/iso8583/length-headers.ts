// table: one row a way of writing the length in front of a message.

interface LengthHeaderRow {
  /** Bytes it takes. */
  readonly size: number;
  /** Whether it counts itself. */
  readonly inclusive: boolean;
  /** Undefined when the bytes are no number. */
  read(bytes: Uint8Array, at: number): number | undefined;
  /** Of at most 9999. */
  write(length: number): Uint8Array;
}

const bigEndian = (size: 2 | 4, inclusive = false): LengthHeaderRow => ({
  size,
  inclusive,
  // Not with shifts: four bytes reach over 2³¹.
  read: (bytes, at) => {
    let length = 0;
    for (let i = at; i < at + size; i++) length = length * 256 + (bytes[i] ?? 0);
    return length;
  },
  write: (length) => {
    const bytes = new Uint8Array(size);
    bytes[size - 2] = length >> 8;
    bytes[size - 1] = length & 255;
    return bytes;
  },
});

const asciiDigits: LengthHeaderRow = {
  size: 4,
  inclusive: false,
  read: (bytes, at) => {
    let length = 0;
    for (let i = at; i < at + 4; i++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    return length;
  },
  write: (length) => {
    const digits = length.toString().padStart(4, '0');
    return Uint8Array.from({ length: 4 }, (_, i) => digits.charCodeAt(i));
  },
};

const bcd: LengthHeaderRow = {
  size: 2,
  inclusive: false,
  read: (bytes, at) => {
    let length = 0;
    for (let i = at; i < at + 2; i++) {
      const high = (bytes[i] ?? 0) >> 4;
      const low = (bytes[i] ?? 0) & 15;
      if (high > 9 || low > 9) return undefined;
      length = length * 100 + high * 10 + low;
    }
    return length;
  },
  write: (length) => {
    const pair = (value: number) => Math.floor(value / 10) * 16 + (value % 10);
    return Uint8Array.of(pair(Math.floor(length / 100)), pair(length % 100));
  },
};

export const lengthHeaders = {
  'binary-2': bigEndian(2),
  'binary-2-inclusive': bigEndian(2, true),
  'ascii-4': asciiDigits,
  'bcd-2': bcd,
  'binary-4': bigEndian(4),
} as const satisfies Record<string, LengthHeaderRow>;

export type LengthHeader = keyof typeof lengthHeaders;
