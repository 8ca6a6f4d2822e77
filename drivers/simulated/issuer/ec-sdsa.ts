import { concat } from '#bytes/bytes.ts';
import { toBigInt, toBytes } from '#crypto/big-integer.ts';
import type { EcSdsaSuite } from '#crypto/ec-sdsa.ts';
import { publicPoint } from '#crypto/elliptic-curve.ts';

/**
 * Signs: R is the hash of x(k·G) and the message, s = k + R·d mod n. ISO/IEC 14888-3, EC-SDSA.
 * @param k 0 < k < n, another for each message: who knows it, or sees it twice, knows the key
 */
export const signEcSdsa = (
  { curve, hash }: EcSdsaSuite,
  privateKey: Uint8Array,
  k: Uint8Array,
  message: Uint8Array,
): Uint8Array => {
  const point = publicPoint(curve, k);
  if (point === undefined) throw new RangeError('k is not between 0 and n');
  const challenge = hash(point.subarray(0, curve.fieldBytes), message);
  const s = (toBigInt(k) + toBigInt(challenge) * toBigInt(privateKey)) % curve.order;
  return concat(challenge, toBytes(s, curve.fieldBytes));
};
