import { BehaviorSubject, Subject } from 'rxjs';
import type { ByteLine, ByteLineState } from '#ports/byte-line.ts';
import type { CodeScanner, ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import {
  createFrameReader,
  type DropReason,
  type Frame,
  type FrameReader,
  type ScannerProtocol,
} from './frame-reader.ts';

/** What ends a code. "none": silence does. */
export type ScannerSuffix = 'CR' | 'LF' | 'CRLF' | 'TAB' | 'ETX' | 'none';

export interface ScannerOptions {
  readonly suffix?: ScannerSuffix;
  /** Characters before each code, such as "\u0002" (STX); empty: none. */
  readonly prefix?: string;
  /** Whether "]Q1" at the beginning tells the symbology and is taken off; so unless stated. */
  readonly aimIdentifier?: boolean;
  /** Silence that ends a code, or makes half of one of what was read. */
  readonly idleMs?: number;
  readonly shortest?: number;
  readonly longest?: number;
  /** What the device is called, as far as the machine knows; asked whenever it comes. */
  readonly nameOf?: (path: string) => string;
  /** Why it is taken for a scanner. */
  readonly because?: string;
}

/** Codes out of a byte line. What is no code is dropped, and said in the scanner's health. */
export const scannerOn = (line: ByteLine, options: ScannerOptions): CodeScanner => {
  const suffix = options.suffix ?? 'CR';
  const scanner: Scanner = {
    ...{ line, suffix, options },
    idleMs: options.idleMs ?? (suffix === 'none' ? SILENCE_ENDS_MS : CUT_OFF_MS),
    reader: createFrameReader(protocolOf(suffix, options)),
    scans: new Subject(),
    devices: new BehaviorSubject<readonly AttachedDevice[]>([]),
  };
  line.state$.subscribe((state) => follow(scanner, state));
  line.received$.subscribe((bytes) => {
    deal(scanner, scanner.reader.push(bytes, monotonicMs()));
    awaitSilence(scanner);
  });
  return {
    scans$: scanner.scans.asObservable(),
    devices$: scanner.devices.asObservable(),
    close: async () => {
      clearTimeout(scanner.timer);
      await line.close();
      clearTimeout(scanner.timer);
      scanner.scans.complete();
      scanner.devices.complete();
    },
  };
};

interface Scanner {
  readonly line: ByteLine;
  readonly suffix: ScannerSuffix;
  readonly options: ScannerOptions;
  readonly idleMs: number;
  readonly reader: FrameReader;
  readonly scans: Subject<ScannedCode>;
  readonly devices: BehaviorSubject<readonly AttachedDevice[]>;
  timer?: NodeJS.Timeout | undefined;
}

// A code of 24 digits takes 25 ms at 9600 baud; a wireless scanner may pause within one.
const CUT_OFF_MS = 300;
const SILENCE_ENDS_MS = 60;

/** The longest QR code that EMVCo allows has 512 characters; other wallets' are shorter. */
const LONGEST = 1024;
/** Four characters by chance in rubbish, between two ends, are rare; codes have more. */
const SHORTEST = 4;

const SUFFIXES: Readonly<Record<ScannerSuffix, string>> = {
  CR: '\r',
  LF: '\n',
  CRLF: '\r\n',
  TAB: '\t',
  ETX: '\u0003',
  none: '',
};

const protocolOf = (suffix: ScannerSuffix, options: ScannerOptions): ScannerProtocol => ({
  suffix: new TextEncoder().encode(SUFFIXES[suffix]),
  prefix: new TextEncoder().encode(options.prefix ?? ''),
  aimIdentifier: options.aimIdentifier ?? true,
  shortest: options.shortest ?? SHORTEST,
  longest: options.longest ?? LONGEST,
});

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const follow = (scanner: Scanner, state: ByteLineState): void => {
  clearTimeout(scanner.timer);
  // What came before it was unplugged is no part of what comes after, and no code by itself.
  scanner.reader.silence();
  tell(scanner, state.line === 'up' ? READY : { health: 'absent', why: state.why });
};

const READY: DeviceHealth = { health: 'ready' };

const tell = ({ line, options, devices }: Scanner, health: DeviceHealth): void => {
  const { nameOf = () => '', because = '' } = options;
  const before = devices.value[0];
  // It can't be asked for its name when it is gone, and need not be while it stays.
  const comes = health.health !== 'absent' && before?.health.health === 'absent';
  const name = comes ? nameOf(line.path) : (before?.name ?? '');
  devices.next([{ kind: 'scanner', place: line.path, name, because, health }]);
};

const deal = (scanner: Scanner, frames: readonly Frame[]): void => {
  for (const frame of frames) {
    if (frame.frame === 'dropped') {
      tell(scanner, { health: 'attention', detail: dropWords(frame, scanner) });
      continue;
    }
    const { frame: _, ...code } = frame;
    scanner.scans.next({ ...code, place: scanner.line.path });
    if (scanner.devices.value[0]?.health.health !== 'ready') tell(scanner, READY);
  }
};

const awaitSilence = (scanner: Scanner): void => {
  clearTimeout(scanner.timer);
  if (!scanner.reader.waiting()) return;
  const dueMs = monotonicMs() + scanner.idleMs;
  scanner.timer = setTimeout(() => {
    // We were kept from listening ourselves: the rest may be there, unread.
    if (monotonicMs() - dueMs > LATE_MS) awaitSilence(scanner);
    else deal(scanner, scanner.reader.silence());
  }, scanner.idleMs);
};

const LATE_MS = 30;

const dropWords = (
  { why, byteCount }: Extract<Frame, { frame: 'dropped' }>,
  { suffix }: Scanner,
): string => `${byteCount} bytes that are no code were dropped: ${WORDS[why](suffix)}`;

const WORDS: Readonly<Record<DropReason, (suffix: ScannerSuffix) => string>> = {
  cutOff: (suffix) => `cut off, no ${suffix} came (does the scanner send it behind each code?)`,
  tooLong: () => 'too long (are speed and parity those of the scanner?)',
  tooShort: () => 'too short',
  noPrefix: () => 'without the prefix that the configuration says',
  notText: () => 'no text (are speed and parity those of the scanner?)',
};
