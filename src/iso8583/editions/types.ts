/**
 * Message types. The editions after 1987 know no reversal request: 1420 is sent, and is a request
 * all the same, for its answer 1430 is waited for. Network management messages of 1993 come from
 * neither acquirer nor issuer (origin 4: 1804, 1814, repeated 1805); in 2003 practice they come
 * from the acquirer again.
 */
export const typeTo = (mti: string, version: '1' | '2'): string | undefined => {
  const [, kind = '', step = '', origin = ''] = mti;
  if (!/^0\d{3}$/.test(mti)) return undefined;
  if (kind === '4') {
    return step === '0' || step === '1' ? `${version}4${Number(step) + 2}${origin}` : undefined;
  }
  if (kind === '8' && version === '1') {
    return origin === '0' || origin === '1' ? `18${step}${Number(origin) + 4}` : undefined;
  }
  return `${version}${mti.slice(1)}`;
};

/** The canonical type of an edition's; 1400 and 1800 are understood as well. */
export const typeFrom = (mti: string): string | undefined => {
  const [, kind = '', step = '', origin = ''] = mti;
  if (!/^[12]\d{3}$/.test(mti)) return undefined;
  if (kind === '4' && (step === '2' || step === '3')) return `04${Number(step) - 2}${origin}`;
  if (kind === '8' && (origin === '4' || origin === '5')) return `08${step}${Number(origin) - 4}`;
  return `0${mti.slice(1)}`;
};

/** The third digit of an MTI is odd in an answer. */
export const isAnswer = (mti: string): boolean => Number(mti.charAt(2)) % 2 === 1;
