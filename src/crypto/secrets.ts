import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 as 64 lower-case hexadecimal digits: what is kept of a secret to recognise it by. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export const isSameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
