import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap } from '../shared/kernel.ts';

/**
 * Terminal action codes where none are configured: American Express's own, as acquirers give them
 * out (from memory). The book has no tags for them; ours are kernel 2's, which say the same.
 */
const defaults: DataMap = new Map([
  [tag.terminalActionCodeDenialK2, hex('0010000000')],
  [tag.terminalActionCodeOnlineK2, hex('DE00FC9800')],
  [tag.terminalActionCodeDefault, hex('DC50FC9800')],
]);

export const terminalActionCode = (terminal: DataMap, wanted: number): Uint8Array | undefined =>
  terminal.get(wanted) ?? defaults.get(wanted);
