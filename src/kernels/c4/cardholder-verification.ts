import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import {
  type CvmFacts,
  type CvmRule,
  conditionMet,
  cvmMethod,
  methodIn,
  nextIfUnsuccessful,
  rulesIn,
} from '../shared/cvm-list.ts';
import { type Cvm, type Outcome, reason } from '../shared/outcome.ts';
import { mobileCvm } from './mobile-cvm.ts';
import { insertOrEnd, seePhone } from './outcomes.ts';
import {
  aipSays,
  canUseContact,
  cardBytes,
  elementOf,
  type Kernel4Run,
  type Phase,
  readerSays,
  setTvr,
} from './run.ts';

/**
 * C-4, Cardholder Verification: by the card's list, without "no CVM" over the limit; below it "no
 * CVM" is enough wherever it stands. A phone that has tried and failed may try once more.
 */
export const cardholderVerification: Phase = function* (run) {
  const stored = mobileCvm(run);
  if (aipSays(run, 'mobile') && stored === 'blocked') setTvr(run, 'mobileCvmBlocked');
  const overLimit = run.input.preprocessing.readerCvmRequiredLimitExceeded;
  if (!overLimit && stored === 'failed' && aipSays(run, 'mobile') && !run.input.restart) {
    return seePhone(run, reason("the phone's CVM failed", tag.mobileCvmResults));
  }
  const end = aipSays(run, 'cardholderVerification') ? byList(run, overLimit) : without(run);
  return end ?? 'terminalRiskManagement';
};

/** The card verifies nobody. */
const without = (run: Kernel4Run): Outcome | undefined => {
  if (run.input.preprocessing.readerCvmRequiredLimitExceeded) return noneInCommon(run);
  settle(run, 'noCvm', NONE, 0x00);
  return undefined;
};

/** No method that card and reader both know: another interface, or the action codes decide. */
const noneInCommon = (run: Kernel4Run): Outcome | undefined => {
  setTvr(run, 'cvmNotSuccessful');
  settle(run, 'noCvm', NONE, FAILED);
  return canUseContact(run)
    ? insertOrEnd(run, reason('no way of verifying the cardholder in common', tag.cvmList))
    : undefined;
};

const byList = (run: Kernel4Run, overLimit: boolean): Outcome | undefined => {
  const list = cardBytes(run, tag.cvmList);
  const rules = rulesIn(list);
  if (rules.length === 0) {
    setTvr(run, 'iccDataMissing');
    settle(run, 'noCvm', NONE, 0x00);
    return undefined;
  }
  const facts: CvmFacts = {
    list,
    find: (wanted) => elementOf(run, wanted),
    supports: (method) => supports(run, method, overLimit),
  };
  const noCvm = overLimit
    ? undefined
    : rules.find((rule) => methodIn(rule) === cvmMethod.noCvm && conditionMet(rule, facts));
  if (noCvm !== undefined) {
    settle(run, 'noCvm', noCvm, SUCCESSFUL);
    return undefined;
  }
  return walk(run, rules, facts);
};

// Book 3 §10.5. What was tried last stands in the CVM Results.
const walk = (run: Kernel4Run, rules: readonly CvmRule[], facts: CvmFacts): Outcome | undefined => {
  let tried: CvmRule | undefined;
  for (const [at, rule] of rules.entries()) {
    if (!conditionMet(rule, facts)) continue;
    const method = methodIn(rule);
    if (!KNOWN.has(method)) setTvr(run, 'unrecognisedCvm');
    else if (method === cvmMethod.fail || facts.supports(method)) {
      const done = perform(run, rule);
      if (done === 'successful') return undefined;
      if (done !== 'unsuccessful') return done;
      tried = rule;
    }
    if (!nextIfUnsuccessful(rule) || at + 1 === rules.length) break;
  }
  if (tried === undefined && run.input.preprocessing.readerCvmRequiredLimitExceeded) {
    return noneInCommon(run);
  }
  setTvr(run, 'cvmNotSuccessful');
  settle(run, 'noCvm', tried ?? NONE, FAILED);
  return undefined;
};

const perform = (run: Kernel4Run, rule: CvmRule): 'successful' | 'unsuccessful' | Outcome => {
  switch (methodIn(rule)) {
    case MOBILE:
      return performMobile(run, rule);
    case cvmMethod.onlinePin:
      setTvr(run, 'onlinePinEntered');
      settle(run, 'onlinePin', rule, UNKNOWN);
      return 'successful';
    case cvmMethod.signature:
      settle(run, 'obtainSignature', rule, UNKNOWN);
      return 'successful';
    default:
      return 'unsuccessful';
  }
};

// What the phone says of itself comes with GET PROCESSING OPTIONS, so a phone that has not asked
// its owner yet is given a second tap; after that it had its chance.
const performMobile = (run: Kernel4Run, rule: CvmRule) => {
  const stored = mobileCvm(run);
  if (stored === 'successful') {
    settle(run, 'confirmationCodeVerified', rule, SUCCESSFUL);
    return 'successful';
  }
  if (stored === 'absent' || stored === 'blocked' || run.input.restart) return 'unsuccessful';
  const why = reason('the phone has not verified its owner', tag.mobileCvmResults);
  return seePhone(run, why);
};

// The code that stands for a PIN which the card checks is the phone's own verification here.
const MOBILE = cvmMethod.plaintextPinByCard;

const KNOWN: ReadonlySet<number> = new Set(Object.values(cvmMethod));

// Book 3's methods, each with the reader's bit that allows it; all others no contactless reader
// performs.
const supports = (run: Kernel4Run, method: number, overLimit: boolean): boolean => {
  switch (method) {
    case MOBILE:
      return readerSays(run, 'mobileCvm');
    case cvmMethod.onlinePin:
      return readerSays(run, 'onlinePin');
    case cvmMethod.signature:
      return readerSays(run, 'signature');
    default:
      return method === cvmMethod.noCvm && !overLimit;
  }
};

// CVM Results (9F34): 3F without a method; byte 3 the result.
const NONE: CvmRule = { code: 0x3f, condition: 0x00 };
const UNKNOWN = 0x00;
const FAILED = 0x01;
const SUCCESSFUL = 0x02;

const settle = (run: Kernel4Run, cvm: Cvm, { code, condition }: CvmRule, result: number): void => {
  run.cvm = cvm;
  run.cvmResults = Uint8Array.of(code, condition, result);
};

/** Whether the card's list knows online PIN at all. C-4, Online Response 13 */
export const listsOnlinePin = (list: Uint8Array): boolean =>
  rulesIn(list).some((rule) => methodIn(rule) === cvmMethod.onlinePin);

/** Whether a signature is what these CVM Results ask for. */
export const asksForSignature = (cvmResults: Uint8Array): boolean =>
  equal(cvmResults.subarray(2), Uint8Array.of(UNKNOWN)) &&
  ((cvmResults[0] ?? 0) & 0x3f) === cvmMethod.signature;
