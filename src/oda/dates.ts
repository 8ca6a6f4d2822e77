// Certificates and 9A carry two digits of the year: 50 to 99 are 1950 to 1999. Book 4 §6.7.3
const century = (year: number): number => (year < 50 ? 2000 : 1900);

/** Date of 9A (YYMMDD, BCD) as a number such as 20261231; undefined if it isn't one. */
export const dateNumber = (date: Uint8Array): number | undefined => {
  const [year, month, day] = Array.from(date, twoDigits);
  if (date.length !== 3 || year === undefined || day === undefined) return undefined;
  if (month === undefined || month < 1 || month > 12) return undefined;
  return ((century(year) + year) * 100 + month) * 100 + day;
};

/**
 * Last day of a certificate's month (MMYY, BCD, at an offset), as a number that compares with
 * `dateNumber`; undefined if it is no month. The certificate is good for that whole day.
 */
export const endOfMonth = (bytes: Uint8Array, at: number): number | undefined => {
  const month = twoDigits(bytes[at] ?? 0xff);
  const year = twoDigits(bytes[at + 1] ?? 0xff);
  if (year === undefined || month === undefined || month < 1 || month > 12) return undefined;
  // No date of that month is above its day 31.
  return ((century(year) + year) * 100 + month) * 100 + 31;
};

/** Date of four bytes (YYYYMMDD, BCD, at an offset), as `dateNumber`; undefined if it isn't one. */
export const longDateNumber = (bytes: Uint8Array, at: number): number | undefined => {
  const [first, second, month, day] = Array.from(bytes.subarray(at, at + 4), twoDigits);
  if (first === undefined || second === undefined || day === undefined) return undefined;
  if (month === undefined || month < 1 || month > 12) return undefined;
  return ((first * 100 + second) * 100 + month) * 100 + day;
};

/** Time of two bytes or more (HHMM, BCD, at an offset) as a number such as 2359. */
export const timeNumber = (bytes: Uint8Array, at = 0): number | undefined => {
  const hours = twoDigits(bytes[at] ?? 0xff);
  const minutes = twoDigits(bytes[at + 1] ?? 0xff);
  if (hours === undefined || minutes === undefined || hours > 23 || minutes > 59) return undefined;
  return hours * 100 + minutes;
};

const twoDigits = (byte: number): number | undefined => {
  const high = byte >> 4;
  const low = byte & 15;
  return high > 9 || low > 9 ? undefined : high * 10 + low;
};
