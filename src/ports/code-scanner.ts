import type { Observable } from 'rxjs';
import type { DeviceList } from './devices.ts';

/** One code as a scanner read it. It may be money: never logged. */
export interface ScannedCode {
  /** Without prefix, suffix and symbology identifier. */
  readonly text: string;
  /** The AIM symbology identifier of ISO/IEC 15424 where the scanner tells it: "]Q1". */
  readonly symbology?: string;
  /** Which scanner: its place. */
  readonly place: string;
  /** When its last byte came: monotonic milliseconds (see Clock). */
  readonly atMs: number;
}

/** Any number of scanners, plugged in and out as they like. */
export interface CodeScanner extends DeviceList {
  /** Each whole code, once. Never errors. */
  readonly scans$: Observable<ScannedCode>;
  close(): Promise<void>;
}
