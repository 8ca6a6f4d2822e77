import { startsWith } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';

export interface Scheme {
  readonly name: string;
  /** As tills name it: Adyen's payment method variants. */
  readonly brand: string;
  /** Registered Application Provider Identifier, 5 bytes. ISO 7816-5. */
  readonly rid: Uint8Array;
  /** Kernel when the card asks for none, Book B Table 3-6. */
  readonly kernelId: string;
}

/** Payment schemes by RID. RIDs are public registrations; Book B names only the schemes. */
export const schemes: readonly Scheme[] = [
  { name: 'Mastercard', brand: 'mc', rid: hex('A000000004'), kernelId: '02' },
  { name: 'Visa', brand: 'visa', rid: hex('A000000003'), kernelId: '03' },
  // Visa U.S.A.: its common debit application. Book B's table doesn't name it: any kernel.
  { name: 'Visa', brand: 'visa', rid: hex('A000000098'), kernelId: '00' },
  { name: 'American Express', brand: 'amex', rid: hex('A000000025'), kernelId: '04' },
  { name: 'JCB', brand: 'jcb', rid: hex('A000000065'), kernelId: '05' },
  { name: 'Discover', brand: 'discover', rid: hex('A000000152'), kernelId: '06' },
  { name: 'Discover', brand: 'discover', rid: hex('A000000324'), kernelId: '06' },
  { name: 'UnionPay', brand: 'cup', rid: hex('A000000333'), kernelId: '07' },
];

/**
 * Schemes whose contactless kernels no public book describes: no configuration takes them, and a
 * card that has nothing else is asked to be inserted or swiped (Try Another Interface).
 */
export const schemesWithoutBook: readonly Pick<Scheme, 'name' | 'rid'>[] = [
  { name: 'Interac', rid: hex('A000000277') },
  { name: 'girocard', rid: hex('A000000359') },
  { name: 'PagoBANCOMAT', rid: hex('A000000141') },
  { name: 'eftpos', rid: hex('A000000384') },
  { name: 'RuPay', rid: hex('A000000524') },
  { name: 'Mir', rid: hex('A000000658') },
];

export const schemeOf = (aid: Uint8Array): Scheme | undefined =>
  schemes.find(({ rid }) => startsWith(aid, rid));

/** Scheme names by what a till or a person calls them: "visa", "mc", "American Express". */
export const schemeNamed = (text: string): string | undefined => {
  const wanted = text.trim().toLowerCase();
  return schemes.find(({ name, brand }) => brand === wanted || name.toLowerCase() === wanted)?.name;
};

/** '00' stands for "any kernel". */
export const defaultKernelId = (aid: Uint8Array): string => schemeOf(aid)?.kernelId ?? '00';
