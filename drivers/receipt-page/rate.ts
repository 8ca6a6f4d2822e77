/** How often somebody may ask. */
export interface Rate {
  /** At once, and regained one by one. */
  readonly burst: number;
  readonly everyMs: number;
}

/** Whether this address may ask once more, now. */
export type Limiter = (address: string) => boolean;

/**
 * Counts by address, and all together: guessing gets nobody anywhere, but it costs this machine
 * time that payments need.
 */
export const limiter = (each: Rate, all: Rate, nowMs: () => number): Limiter => {
  const seen = new Map<string, Bucket>();
  const together = full(all, nowMs());
  return (address) => {
    const now = nowMs();
    const who = networkOf(address);
    const own = seen.get(who) ?? full(each, now);
    // The latest stand last; of those who come and go the oldest is forgotten first.
    seen.delete(who);
    seen.set(who, own);
    if (seen.size > MOST_ADDRESSES) seen.delete(seen.keys().next().value ?? '');
    // Who is refused takes nothing of what others have.
    return take(own, each, now) && take(together, all, now);
  };
};

interface Bucket {
  left: number;
  atMs: number;
}

const MOST_ADDRESSES = 1024;

const full = ({ burst }: Rate, atMs: number): Bucket => ({ left: burst, atMs });

const take = (bucket: Bucket, { burst, everyMs }: Rate, now: number): boolean => {
  bucket.left = Math.min(burst, bucket.left + Math.max(0, now - bucket.atMs) / everyMs);
  bucket.atMs = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
};

// One machine has a whole /64 of IPv6 to itself. RFC 6177
const networkOf = (address: string): string => {
  const plain = address.replace(/^::ffff:/, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
};
