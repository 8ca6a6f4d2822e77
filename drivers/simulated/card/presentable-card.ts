/** Anything that can be held to a simulated reader or to vpcd, failing kinds included. */
export interface PresentableCard {
  /** Answer to reset. An empty one is a card that can't be powered up. */
  readonly atr: Uint8Array;
  powerOn?(): void;
  powerOff?(): void;
  /** Milliseconds for which it lets the reader wait before it answers this command; 0 if absent. */
  delayMs?(command: Uint8Array): number;
  /** The answer; `mute` gives none, `tear` takes the card away instead of answering. */
  respond(command: Uint8Array): Uint8Array | 'mute' | 'tear';
}
