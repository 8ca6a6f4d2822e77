import { hex } from '#bytes/hex.ts';

/** `countertap`: a scheme of ours, for kernel 8, whose schemes have published nothing. */
export type Scheme = 'visa' | 'mastercard' | 'discover' | 'unionpay' | 'countertap';

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
    name: 'Simulated UnionPay Issuer',
    scheme: 'unionpay',
    bins: ['625094'],
    masterKey: hex('2E 97 40 CB 15 F8 6A D3 83 0C B1 5E 7D 29 E6 94'),
  },
  {
    name: 'Simulated Discover Issuer',
    scheme: 'discover',
    bins: ['651000'],
    masterKey: hex('94 1B E0 57 38 AC 7F 02 CD 46 91 E8 25 BA 5C 73'),
  },
  {
    name: 'Simulated Kernel 8 Issuer',
    scheme: 'countertap',
    // 9: for national use, with a country code that is nobody's.
    bins: ['999908'],
    masterKey: hex('E1 40 9B 6D 25 F8 73 0C BA 96 51 1E C7 38 84 DF'),
  },
];

/** The issuer of an account number; undefined when none of ours issued it. */
export const issuerOf = (pan: string): Issuer | undefined =>
  issuers.find(({ bins }) => bins.some((bin) => pan.startsWith(bin)));
