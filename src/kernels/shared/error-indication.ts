import type { CardFault } from './step.ts';
import type { MessageId } from './ui-request.ts';

/** Error Indication of kernels 2 (DF8115) and 8 (9F8204), 6 bytes, in parts. */
export interface ErrorIndication {
  l1: number;
  l2: number;
  l3: number;
  sw12: number;
  messageOnError: MessageId | 'FF';
}

/** Level 1 errors. C-2 Annex A; C-8 */
export const l1: Readonly<Record<CardFault, number>> = { timeout: 1, transmission: 2, protocol: 3 };

export const errorIndicationBytes = (error: ErrorIndication): Uint8Array =>
  Uint8Array.of(
    error.l1,
    error.l2,
    error.l3,
    error.sw12 >> 8,
    error.sw12 & 0xff,
    Number.parseInt(error.messageOnError, 16),
  );
