import { hex } from '#bytes/hex.ts';

/**
 * Report descriptors of scanners in HID POS mode, item by item as they are published.
 *
 * Honeywell (HHP): what imagers of that house send, as their firmware has it: codes as report 2,
 * beeper and trigger as report 4, then vendor reports for commands. The same layout of report 2
 * stands in Access IS's manuals (LSR118, ATR110: appendix "HID reports"): length, three characters
 * of AIM identifier, 56 bytes, two of the maker's own, and the flag in byte 63.
 */
export const HONEYWELL = hex(
  `05 8C 09 02 A1 01
     09 12 A1 02 85 02 15 00 26 FF 00 75 08
       95 01 05 01 09 3B 81 02
       95 03 05 8C 09 FB 09 FC 09 FD 81 02
       95 38 09 FE 82 02 01
       06 66 FF 95 02 09 04 09 00 81 02
       05 8C 25 01 75 01 95 08 09 FF 81 02
     C0
     09 14 A1 02 85 04 15 00 25 01 75 01 95 08
       09 00 09 5F 09 60 09 00 09 00 09 85 09 86 91 86
     C0
     06 66 FF 75 08 26 FF 00
     09 03 A1 02 85 FE 95 01 09 03 B2 82 01 C0
     09 01 A1 02 85 FD 95 01 09 21 91 02 95 3E 09 22 92 82 01 C0
   C0`,
);

/** An older one of that kind, as the readers of such a scanner quote it: other output reports. */
export const METROLOGIC = hex(
  `05 8C 09 02 A1 01
     09 12 A1 02 85 02 15 00 26 FF 00 75 08
       95 01 05 01 09 3B 81 02
       95 03 05 8C 09 FB 09 FC 09 FD 81 02
       95 38 09 FE 82 02 02
       06 66 FF 95 02 09 00 09 00 81 02
       05 8C 25 01 75 01 95 08 09 FF 81 02
     C0
     09 14 A1 02 85 04 15 00 25 01 75 01 95 08
       09 5F 09 60 09 85 09 86 91 86
     C0
     06 FF FF 09 01 A1 02 85 F0 15 00 26 FF 00 75 08
       95 3F 09 02 82 02 02 95 3F 09 03 92 02 02
     C0
   C0`,
);

/**
 * Made from the HID Point of Sale Usage Tables 1.02 as a scanner might have it that takes other
 * liberties: no report ids, no byte count, the flag first, usages of four bytes and as a range,
 * pushed globals, a long item, an LED, and a beeper as an array.
 */
export const PLAIN = hex(
  `05 8C 0B 02 00 8C 00 A1 01
     15 00 25 01 75 01 95 01 09 FF 81 02
     75 07 81 03
     A4 05 01 26 FF 00 B4
     FE 02 F0 AA BB
     26 FF 00 75 08 95 03 19 FB 29 FD 81 02
     95 10 09 FE 81 02
     25 01 75 01 95 01 09 7D 91 02
     75 03 95 01 15 01 25 02 09 86 09 85 91 00
     75 04 91 03
   C0`,
);

/** HID 1.11 appendix B.1: a keyboard, which is what most scanners are when they are unpacked. */
export const KEYBOARD = hex(
  `05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02
   95 01 75 08 81 01 95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01
   95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0`,
);

/** One report 2 of the Honeywell kind. */
export const honeywellReport = (
  data: Uint8Array,
  isContinued: boolean,
  symbology = ']Q1',
): Uint8Array => {
  const report = new Uint8Array(64);
  report.set([2, data.length, ...Buffer.from(symbology, 'latin1')]);
  report.set(data, 5);
  report[63] = isContinued ? 1 : 0;
  return report;
};

/** A whole code, in as many reports as it takes. */
export const honeywellReports = (text: string, symbology = ']Q1'): readonly Uint8Array[] => {
  const bytes = Buffer.from(text, 'utf8');
  const count = Math.max(Math.ceil(bytes.length / 56), 1);
  return Array.from({ length: count }, (_, i) =>
    honeywellReport(bytes.subarray(56 * i, 56 * i + 56), i < count - 1, symbology),
  );
};
