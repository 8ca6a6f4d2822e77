/** What a printer says of itself. What it doesn't say stays undefined. */
export interface PrinterStatus {
  readonly paper?: 'ok' | 'low' | 'out';
  readonly coverOpen?: boolean;
  /** Cutter, head or mechanics. */
  readonly broken?: boolean;
}

/** What came from the printer, byte by byte made out. */
export type Report =
  /** By itself, as soon as something changes. */
  | { readonly report: 'automatic'; readonly status: PrinterStatus }
  /** The answer to DLE EOT: which question it answers the byte doesn't say. */
  | { readonly report: 'realTime'; readonly byte: number }
  /** The answer to GS r 1: it comes when everything before it is printed. */
  | { readonly report: 'sensor'; readonly status: PrinterStatus };

/** Commands of ESC/POS that ask, as Epson's "ESC/POS Command Reference" has them. */
export const ask = {
  /** DLE EOT 2: why it is offline. Answered at once, offline too. */
  offlineCause: Uint8Array.of(0x10, 0x04, 2),
  /** DLE EOT 4: the paper sensors. Answered at once, offline too. */
  paper: Uint8Array.of(0x10, 0x04, 4),
  /** GS a: tell by itself of online/offline, errors and paper. */
  automatic: Uint8Array.of(0x1d, 0x61, 0x0e),
  /** GS r 1: the paper sensor, in turn with what is printed. */
  printed: Uint8Array.of(0x1d, 0x72, 1),
} as const;

/** Reads what a printer sends, however it is cut into pieces. One reader a connection. */
export const statusReader = (): ((bytes: Uint8Array) => readonly Report[]) => {
  let automatic: number[] = [];
  const read = (byte: number): Report | undefined => {
    // Bytes 2 to 4 of an automatic status have bits 7 and 4 clear; anything else breaks it off.
    if (automatic.length > 0 && (byte & 0x90) === 0) {
      automatic.push(byte);
      if (automatic.length < 4) return undefined;
      const status = automaticStatus(automatic);
      automatic = [];
      return { report: 'automatic', status };
    }
    automatic = [];
    if ((byte & 0x93) === 0x12) return { report: 'realTime', byte };
    if ((byte & 0x93) === 0x10) automatic = [byte];
    return (byte & 0x90) === 0 ? { report: 'sensor', status: { paper: rollEnd(byte) } } : undefined;
  };
  return (bytes) => [...bytes].map(read).filter((report): report is Report => report !== undefined);
};

/** The answer to DLE EOT 2. Bit 2: cover, bit 5: stopped by the paper's end, bit 6: error. */
export const offlineCause = (byte: number): PrinterStatus => ({
  coverOpen: (byte & 0x04) !== 0,
  broken: (byte & 0x40) !== 0,
  ...((byte & 0x20) === 0 ? {} : { paper: 'out' }),
});

/** The answer to DLE EOT 4. Bits 2 and 3: near the end, bits 5 and 6: at the end. */
export const paperSensors = (byte: number): PrinterStatus => ({
  paper: (byte & 0x60) !== 0 ? 'out' : (byte & 0x0c) !== 0 ? 'low' : 'ok',
});

/** Why nothing can be printed; undefined when it can. */
export const obstacle = ({ paper, coverOpen, broken }: PrinterStatus): string | undefined => {
  // With the cover open there seems to be no paper either.
  if (coverOpen === true) return 'its cover is open';
  if (paper === 'out') return 'it has no paper';
  return broken === true ? 'it reports an error of its cutter or mechanics' : undefined;
};

// Four bytes: 1 bit 5 cover; 2 bits 2, 3, 5 and 6 errors; 3 as the paper sensor of GS r.
const automaticStatus = ([first = 0, second = 0, third = 0]: readonly number[]): PrinterStatus => ({
  coverOpen: (first & 0x20) !== 0,
  broken: (second & 0x6c) !== 0,
  paper: rollEnd(third),
});

// Bits 0 and 1: near the end, bits 2 and 3: at the end.
const rollEnd = (byte: number): 'ok' | 'low' | 'out' =>
  (byte & 0x0c) !== 0 ? 'out' : (byte & 0x03) !== 0 ? 'low' : 'ok';
