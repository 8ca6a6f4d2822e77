import { hex } from '#bytes/hex.ts';

export type Scheme = 'visa' | 'mastercard' | 'jcb';

/** An issuer of simulated cards: the account ranges it issues under and its keys. */
export interface Issuer {
  readonly name: string;
  readonly scheme: Scheme;
  /** Leading digits of its account numbers. */
  readonly bins: readonly string[];
  /** Issuer master key for application cryptograms (IMK-AC), 16 bytes. SIMULATED. */
  readonly masterKey: Uint8Array;
}

/**
 * The issuers of this simulation. The account ranges are the schemes' public test ranges; the keys
 * are made up for this project, open no real card and protect nothing.
 */
export const issuers: readonly Issuer[] = [
  {
    name: 'Simulated Visa Issuer',
    scheme: 'visa',
    bins: ['476173'],
    masterKey: hex('C7 3D 1A 5E 8C 46 0B F2 9E 31 D5 7A 64 B0 2F 89'),
  },
  {
    name: 'Simulated Mastercard Issuer',
    scheme: 'mastercard',
    bins: ['541333'],
    masterKey: hex('5B A8 E3 19 D0 62 97 4C 1F 7C 38 B5 E9 04 AD 61'),
  },
  {
    name: 'Simulated JCB Issuer',
    scheme: 'jcb',
    bins: ['353011'],
    masterKey: hex('6D 08 F1 9B 43 CE 72 15 B9 E6 20 5C 8A 37 D4 0F'),
  },
];

/** The issuer of an account number; undefined when none of ours issued it. */
export const issuerOf = (pan: string): Issuer | undefined =>
  issuers.find(({ bins }) => bins.some((bin) => pan.startsWith(bin)));
