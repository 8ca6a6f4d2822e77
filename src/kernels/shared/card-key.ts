import { tag } from '#data/dictionary.ts';
import {
  type IccKey,
  isOdaFailure,
  type OdaFailure,
  recoverIccKey,
  type SignedRecord,
  staticDataToAuthenticate,
} from '#oda/index.ts';
import type { DataMap, KernelInput } from './kernel-input.ts';
import { type Reason, reason } from './outcome.ts';

/** What was read of a card that is to prove itself. */
export interface CardRead {
  readonly input: KernelInput;
  readonly card: DataMap;
  readonly signedRecords: readonly SignedRecord[];
  /** The account number's digits. */
  readonly pan: string;
}

/** A terminal without keys: nothing can be certified. */
export const NO_AUTHENTICATION = {
  caKeys: { find: () => undefined, findEcc: () => undefined },
  revoked: { has: () => true },
  issuerKeys: undefined,
};

/** The card's public key, certified for its account and its signed records. Book 2 §6.2 to §6.4 */
export const cardKey = ({ input, card, signedRecords, pan }: CardRead): IccKey | OdaFailure => {
  const aip = card.get(tag.applicationInterchangeProfile);
  const tagList = card.get(tag.staticDataAuthenticationTagList);
  const staticData = staticDataToAuthenticate(signedRecords, aip, tagList);
  if (isOdaFailure(staticData)) return staticData;
  const { caKeys, revoked, issuerKeys } = input.authentication ?? NO_AUTHENTICATION;
  return recoverIccKey({
    caKeys,
    rid: input.aid.subarray(0, 5),
    card,
    staticData,
    pan,
    date: input.terminal.get(tag.transactionDate) ?? new Uint8Array(0),
    revoked,
    ...(issuerKeys ? { cache: issuerKeys } : {}),
  });
};

export const reasonOfFailure = ({ element, problem }: OdaFailure): Reason =>
  reason(`offline data authentication: ${problem}`, element);
