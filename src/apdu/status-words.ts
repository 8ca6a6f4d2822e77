/** Status words the books give a meaning to. EMV Book 3 §6.3.5, Book C-3 §5.2. */
export const sw = {
  ok: 0x9000,
  conditionsNotSatisfied: 0x6985,
  useAnotherInterface: 0x6984,
  commandNotAllowed: 0x6986,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  insNotSupported: 0x6d00,
  claNotSupported: 0x6e00,
  wrongLength: 0x6700,
  incorrectParameters: 0x6a86,
} as const;
