// table: usages of scanners in HID POS mode

const SCANNER_PAGE = 0x8c0000;

/**
 * Usages as page × 65536 + id. HID Point of Sale Usage Tables 1.02 (March 2001), page 8C: sections
 * 3.1 (applications), 3.9 (user interface), 3.14 (scanned data); the byte count is Generic Desktop.
 */
export const USAGES = {
  keyboard: 0x010006,
  byteCount: 0x01003b,
  badgeReader: SCANNER_PAGE + 0x01,
  scanner: SCANNER_PAGE + 0x02,
  cordlessBase: SCANNER_PAGE + 0x04,
  cradle: SCANNER_PAGE + 0x05,
  goodReadLed: SCANNER_PAGE + 0x7d,
  soundErrorBeep: SCANNER_PAGE + 0x85,
  soundGoodReadBeep: SCANNER_PAGE + 0x86,
  soundNotOnFileBeep: SCANNER_PAGE + 0x87,
  symbologyIdentifier1: SCANNER_PAGE + 0xfb,
  symbologyIdentifier2: SCANNER_PAGE + 0xfc,
  symbologyIdentifier3: SCANNER_PAGE + 0xfd,
  decodedData: SCANNER_PAGE + 0xfe,
  decodedDataContinued: SCANNER_PAGE + 0xff,
} as const;

/** "8C:FE", as the books write a usage. */
export const nameOfUsage = (usage: number): string => {
  const page = usage >>> 16;
  const id = usage & 0xffff;
  return `${upperHex(page)}:${upperHex(id)}`;
};

/** USB vendors of scanners: one that types as a keyboard is told from a keyboard by them. */
export const SCANNER_VENDORS: ReadonlyMap<number, string> = new Map([
  [0x05e0, 'Zebra (Symbol)'],
  [0x05f9, 'Datalogic'],
  [0x065a, 'Opticon'],
  [0x067e, 'Intermec'],
  [0x0c2e, 'Honeywell (Metrologic)'],
  [0x11fa, 'Code'],
  [0x1eab, 'Newland'],
  [0x0db5, 'Access IS'],
]);

const upperHex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
