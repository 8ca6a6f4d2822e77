import { concat } from '#bytes/bytes.ts';

/** A command APDU as bytes, ready for the card (EMV Book 3 §6.3, ISO 7816-4 short form). */
export type CommandApdu = Uint8Array;

/** SELECT by name, first occurrence. Book 1 §11.3. */
export const select = (name: Uint8Array): CommandApdu => command(0x00, 0xa4, 0x04, 0x00, name);

/** GET PROCESSING OPTIONS with the PDOL's values in template 83. Book 3 §6.5.8. */
export const getProcessingOptions = (pdolValues: Uint8Array): CommandApdu =>
  command(0x80, 0xa8, 0x00, 0x00, template83(pdolValues));

/** SEND POI INFORMATION, its content in template 83. Book B 3.3.2, step 1a. */
export const sendPoiInformation = (content: Uint8Array): CommandApdu =>
  command(0x80, 0x1a, 0x00, 0x00, template83(content));

/** READ RECORD by number and short file identifier. Book 3 §6.5.11. */
export const readRecord = (record: number, sfi: number): CommandApdu =>
  Uint8Array.of(0x00, 0xb2, record, (sfi << 3) | 0x04, 0x00);

/** GENERATE AC; `referenceControl` is P1: cryptogram type and CDA. Book 3 §6.5.5. */
export const generateAc = (referenceControl: number, data: Uint8Array): CommandApdu =>
  command(0x80, 0xae, referenceControl, 0x00, data);

/** EXTERNAL AUTHENTICATE: no response data is expected, so no Le. Book 3 §6.5.4. */
export const externalAuthenticate = (data: Uint8Array): CommandApdu =>
  concat(Uint8Array.of(0x00, 0x82, 0x00, 0x00, data.length), data);

/** Any command with data and a response wanted (Le 00). `data` holds at most 255 bytes. */
export const command = (
  cla: number,
  ins: number,
  p1: number,
  p2: number,
  data: Uint8Array,
): CommandApdu => concat(Uint8Array.of(cla, ins, p1, p2, data.length), data, Uint8Array.of(0x00));

const template83 = (value: Uint8Array): Uint8Array =>
  concat(
    value.length < 0x80
      ? Uint8Array.of(0x83, value.length)
      : Uint8Array.of(0x83, 0x81, value.length),
    value,
  );
