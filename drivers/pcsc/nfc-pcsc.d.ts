/** The part of nfc-pcsc 0.8 and of @pokusew/pcsclite below it that we use. It ships no types. */
declare module 'nfc-pcsc' {
  import type { EventEmitter } from 'node:events';

  export interface CardStatus {
    /** SCARD_STATE_* bits; the upper 16 count how often a card came or went. */
    readonly state: number;
    readonly atr?: Buffer;
  }

  type Done<T> = (error: Error | null | undefined, value: T) => void;

  /** One slot of the smart card service: the addon's own object, without nfc-pcsc's habits. */
  export interface PcscliteReader extends EventEmitter {
    readonly name: string;
    /** Stays true after a disconnect that failed; `connect` then does nothing and answers empty. */
    connected: boolean;
    readonly SCARD_SHARE_EXCLUSIVE: number;
    /** To the reader itself: no card is needed, and none is powered. */
    readonly SCARD_SHARE_DIRECT: number;
    /** SCARD_CTL_CODE(1) on Linux, which is what libccid and acsccid take; 3500 on Windows. */
    readonly IOCTL_CCID_ESCAPE: number;
    readonly SCARD_LEAVE_CARD: number;
    readonly SCARD_UNPOWER_CARD: number;
    readonly SCARD_STATE_PRESENT: number;
    connect(
      options: { share_mode: number; protocol?: number },
      done: Done<number | undefined>,
    ): void;
    disconnect(disposition: number, done: Done<undefined>): void;
    transmit(data: Buffer, maxLength: number, protocol: number, done: Done<Buffer>): void;
    /** The addon copies nothing: `data` must be kept alive until `done`. */
    control(data: Buffer, code: number, maxLength: number, done: Done<Buffer>): void;
  }

  export class Reader extends EventEmitter {
    readonly reader: PcscliteReader;
    autoProcessing: boolean;
  }

  /** Opens the service. Blocks the event loop as long as the service is away. */
  export class NFC extends EventEmitter {
    constructor();
  }
}
