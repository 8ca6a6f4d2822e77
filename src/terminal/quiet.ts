import { factsBefore } from './gate.ts';
import type { SaleRequest, TerminalParts } from './types.ts';

/** Keeps the reader silent as long as the shop takes nothing by it. */
export interface Quiet {
  /** Looks again: a decision began, ended or came. */
  look(): void;
  /** A payment begins, or undefined: it is over. Some decisions are about its amount. */
  about(request: SaleRequest | undefined): void;
  /** A card has been asked for a cryptogram: it is served to the payment's end. */
  wait(): void;
  /** The shopper pays by code: until a card is awaited again. */
  byCode(on: boolean): void;
}

type QuietParts = Pick<TerminalParts, 'acceptance' | 'settings' | 'reader' | 'log'>;

export const keepQuiet = (parts: QuietParts): Quiet => {
  let request: SaleRequest | undefined;
  let serving = false;
  let byCode = false;
  let silent: boolean | undefined;
  const look = () => {
    const off = parts.acceptance.judge(factsBefore(parts, request)).accepted === 'no';
    const wanted = (off || byCode) && !serving;
    if (wanted === silent) return;
    silent = wanted;
    parts.log.info({ silent }, silent ? 'the reader is silenced' : 'the reader is in use');
    void parts.reader.silence(wanted);
  };
  return {
    look,
    about: (now) => {
      request = now;
      serving = false;
      byCode = false;
      look();
    },
    byCode: (on) => {
      byCode = on;
      look();
    },
    wait: () => {
      serving = true;
    },
  };
};
