import { type BitPosition, bitAt } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { KernelInput } from '../shared/kernel.ts';
import { OFFLINE_ONLY } from '../shared/terminal-types.ts';

/** Enhanced Contactless Reader Capabilities (9F6E), as byte and bit. C-4 Annex A */
export const reader = {
  contactChip: [1, 8],
  mobileCvm: [2, 8],
  onlinePin: [2, 7],
  signature: [2, 6],
  unableToGoOnline: [3, 8],
  delayedAuthorisation: [4, 7],
} as const satisfies Readonly<Record<string, BitPosition>>;

/** What one transaction tells the card of its reader: 9F6D and 9F6E. */
export interface ReaderCapabilities {
  readonly basic: Uint8Array;
  readonly enhanced: Uint8Array;
}

/**
 * As configured, with what the kernel itself knows: EMV mode and phones, no magnetic-stripe mode;
 * another interface after a decline where there is one; a version of 2.7 or later; and, for this
 * transaction, whether verification is required and whether the host can be reached. C-4, Reader
 * Capabilities
 */
export const readerCapabilities = (
  { preprocessing, terminal }: KernelInput,
  unableToGoOnline: boolean,
): ReaderCapabilities => {
  const cvmRequired = preprocessing.readerCvmRequiredLimitExceeded;
  const configured = terminal.get(tag.enhancedContactlessReaderCapabilities) ?? new Uint8Array(4);
  const contact = bitAt(configured, reader.contactChip);
  const [, methods = 0, , kind = 0] = configured;
  return {
    basic: Uint8Array.of(EMV | (cvmRequired ? CVM_REQUIRED : 0)),
    enhanced: Uint8Array.of(
      EMV_MODE_AND_PHONES | (contact ? CONTACT_AND_AFTER_DECLINE : 0),
      methods,
      (unableToGoOnline ? 0x80 : 0) | (cvmRequired ? 0x40 : 0),
      (kind & ~VERSION_BITS) | VERSION,
    ),
  };
};

export const isOfflineOnly = ({ terminal }: KernelInput): boolean =>
  OFFLINE_ONLY.includes(terminal.get(tag.terminalType)?.[0] ?? 0);

// 9F6E byte 1: b8 slot and b3 another interface after a decline, b7 magnetic stripe and b6 full
// online EMV mode 0, b5 partial online EMV mode 1, b4 contactless mobile 1. Byte 3 b8 unable to go
// online, b7 verification required. Byte 4 b3-1: 011.
const EMV_MODE_AND_PHONES = 0x18;
const CONTACT_AND_AFTER_DECLINE = 0x84;
const VERSION_BITS = 0x07;
const VERSION = 0x03;
// 9F6D b8-b7: EMV mode; b4. Only C0 and C8 are left.
const EMV = 0xc0;
const CVM_REQUIRED = 0x08;
