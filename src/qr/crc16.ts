/**
 * CRC-16/CCITT-FALSE: polynomial 1021, begins with FFFF, nothing reflected. "123456789" gives 29B1.
 * @param text what it goes over, as UTF-8 (EMVCo MPM §4.7.3)
 * @returns four upper-case hexadecimal digits
 */
export const crc16 = (text: string): string => {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
};

const POLYNOMIAL = 0x1021;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let i = 0; i < 8; i++) rest = rest & 0x8000 ? (rest << 1) ^ POLYNOMIAL : rest << 1;
  return rest & 0xffff;
});
