import type { BitPosition } from '#bytes/bytes.ts';

/** Terminal Verification Results (95) of the base books, as byte and bit. Book 3 Annex C5 */
export const tvrBits = {
  odaNotPerformed: [1, 8],
  iccDataMissing: [1, 6],
  onExceptionFile: [1, 5],
  cdaFailed: [1, 3],
  versionsDiffer: [2, 8],
  expired: [2, 7],
  notYetEffective: [2, 6],
  serviceNotAllowed: [2, 5],
  cvmNotSuccessful: [3, 8],
  unrecognisedCvm: [3, 7],
  onlinePinEntered: [3, 3],
  floorLimitExceeded: [4, 8],
} as const satisfies Readonly<Record<string, BitPosition>>;
