/**
 * A code for logs and screens: it may be money, so two characters at each end are all that is seen
 * of it, and less of a short one.
 */
export const maskCode = (code: string): string => {
  const shown = code.length < 12 ? 0 : 2;
  const ends = [code.slice(0, shown), code.slice(code.length - shown)];
  return `${ends.join('*'.repeat(Math.min(code.length - 2 * shown, 20)))} (${code.length})`;
};
