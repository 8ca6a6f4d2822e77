import { type EcSdsaSuite, ecSdsaP256, ecSdsaP521 } from '#crypto/ec-sdsa.ts';

/** Algorithm suite indicators of certificates. Book E; C-8 */
export const suiteIndicator = {
  /** Of the channel, and so of a card's key: P-256 with AES-128. */
  channelP256: 0x00,
  rsa: 0x01,
  ecSdsaP256: 0x10,
  /** Defined, and used by no version of kernel 8 so far. */
  ecSdsaP521: 0x11,
} as const;

/** How a certificate under this indicator is signed; undefined for one that isn't on a curve. */
export const certificateSuite = (indicator: number): EcSdsaSuite | undefined =>
  SUITES.get(indicator);

const SUITES: ReadonlyMap<number, EcSdsaSuite> = new Map([
  [suiteIndicator.ecSdsaP256, ecSdsaP256],
  [suiteIndicator.ecSdsaP521, ecSdsaP521],
]);
