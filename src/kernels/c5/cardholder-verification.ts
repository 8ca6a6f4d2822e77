import { tag } from '#data/dictionary.ts';
import { methodIn as methodOf, rulesIn } from '../shared/cvm-list.ts';
import { type Cvm, type Reason, reason } from '../shared/outcome.ts';
import { CVM_RESULTS, EMPTY, type Kernel5Run, type tip, tipSays } from './run.ts';

/**
 * EMV mode: the card has chosen, and says what in the Cardholder Verification Status (9F50). Sets
 * the CVM and its results; what the reader can't do, or must have and doesn't get, is declined.
 */
export const verifyByStatus = (run: Kernel5Run): Reason | undefined => {
  const status = (run.card.get(tag.cardholderVerificationStatus) ?? EMPTY)[0] ?? NO_STATUS;
  if (tipSays(run, 'transitReader')) return chosen(run, 'noCvm');
  const method = methodIn(status);
  if (method === undefined) return refused('of no known meaning');
  const { cvm, needs } = method;
  if (needs !== undefined && !tipSays(run, needs)) return refused(`${cvm}: not in this reader`);
  if (cvm === 'noCvm' && tipSays(run, 'cvmRequired')) return refused('none, and it is required');
  return chosen(run, cvm);
};

/** Whether the card says that its holder was verified on the device: another limit counts then. */
export const verifiedOnDevice = ({ card }: Kernel5Run): boolean =>
  ((card.get(tag.cardholderVerificationStatus) ?? EMPTY)[0] ?? NO_STATUS) >> 4 === 3;

/**
 * Legacy mode: the first method of the card's list (8E) that this reader can do, whatever its
 * condition; none is a decline. A reader that needs none takes none. (our reading of C-5)
 */
export const verifyByList = (run: Kernel5Run): Reason | undefined => {
  if (!tipSays(run, 'cvmRequired')) return chosen(run, 'noCvm');
  const list = run.card.get(tag.cvmList) ?? EMPTY;
  for (const rule of rulesIn(list)) {
    const method = LEGACY.get(methodOf(rule));
    if (method?.needs !== undefined && tipSays(run, method.needs)) return chosen(run, method.cvm);
  }
  return reason('cardholder verification: no method in common', tag.cvmList);
};

interface Method {
  readonly cvm: Exclude<Cvm, 'none'>;
  /** What the reader must be able to do. */
  readonly needs?: keyof typeof tip;
}

const SIGNATURE: Method = { cvm: 'obtainSignature', needs: 'signatureSupported' };
const ONLINE_PIN: Method = { cvm: 'onlinePin', needs: 'onlinePinSupported' };
const ON_DEVICE: Method = { cvm: 'confirmationCodeVerified', needs: 'cdcvmSupported' };

const methodIn = (status: number): Method | undefined => {
  if (status >> 4 === 3) return ON_DEVICE;
  return STATUS.get(status);
};

const STATUS = new Map<number, Method>([
  [0x00, { cvm: 'noCvm' }],
  [0x10, SIGNATURE],
  [0x20, ONLINE_PIN],
]);

// CVM codes, Book 3 Annex C3.
const LEGACY = new Map<number, Method>([
  [0x02, ONLINE_PIN],
  [0x1e, SIGNATURE],
]);

// No value of the book's: a status that isn't there is none that is known.
const NO_STATUS = 0xff;

const chosen = (run: Kernel5Run, cvm: Method['cvm']): undefined => {
  run.cvm = cvm;
  run.cvmResults = CVM_RESULTS[cvm];
};

const refused = (what: string): Reason =>
  reason(`cardholder verification: ${what}`, tag.cardholderVerificationStatus);
