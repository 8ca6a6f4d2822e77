import { tag } from '#data/dictionary.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { accountNumber, formatProblem } from './card-formats.ts';
import { selectCvm } from './cvm.ts';
import { prepareCda } from './data-authentication.ts';
import { closing, endWithError, selectNext } from './outcomes.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { chooseDynamicBits } from './risk-management-data.ts';
import { bytesOf, isNotEmpty, type Kernel2Run, numberOf, type State, setTvr } from './run.ts';
import { decideCryptogram } from './terminal-action-analysis.ts';

/** S456: limits, what is mandatory, restrictions, CVM and action analysis. C-2 6.9 */
export const checkBeforeGenerateAc: State = function* (run) {
  const end = limits(run) ?? mandatory(run) ?? wrongFormat(run) ?? prepareCda(run);
  if (end !== undefined) return end;
  const cvmRequired = amount(run) > numberOf(run, tag.readerCvmRequiredLimitK2);
  chooseCapabilities(run, cvmRequired);
  // No step of the kernel sets TVR byte 1 bit 5. Decided: here, where a list is configured.
  const pan = accountNumber(run);
  if (pan !== undefined && run.input.authentication?.exceptionFile.has(pan) === true) {
    setTvr(run, 'onExceptionFile');
  }
  processingRestrictions(run);
  const wrongList = selectCvm(run, cvmRequired);
  if (wrongList !== undefined) return endWithError(run, 'cardDataError', wrongList);
  if (amount(run) > numberOf(run, tag.readerContactlessFloorLimitK2)) {
    setTvr(run, 'floorLimitExceeded');
  }
  run.acType = decideCryptogram(run);
  return 'generateAc';
};

const amount = (run: Kernel2Run): number => numberOf(run, tag.amountAuthorisedNumeric);

const limits = (run: Kernel2Run): Outcome | undefined => {
  if (!isNotEmpty(run, tag.amountAuthorisedNumeric)) {
    run.error.l3 = 0x03;
    return outcome(
      'endApplication',
      closing(run, reason('no amount', tag.amountAuthorisedNumeric)),
    );
  }
  if (amount(run) <= run.transactionLimit) return undefined;
  const why = reason("over this application's contactless transaction limit");
  return selectNext(run, 'maxLimitExceeded', why);
};

const mandatory = (run: Kernel2Run): Outcome | undefined => {
  const missing = MANDATORY.find((one) => !isNotEmpty(run, one));
  return missing === undefined
    ? undefined
    : endWithError(run, 'cardDataMissing', reason('mandatory data is missing', missing));
};

const MANDATORY = [tag.applicationExpirationDate, tag.applicationPan, tag.cdol1];

const wrongFormat = (run: Kernel2Run): Outcome | undefined => {
  const problem = formatProblem(run);
  return problem === undefined ? undefined : endWithError(run, 'cardDataError', problem);
};

// Terminal Capabilities byte 2: what this reader can do for an amount over or under the CVM limit.
const chooseCapabilities = (run: Kernel2Run, cvmRequired: boolean): void => {
  if (cvmRequired) run.receipt = true;
  const from = cvmRequired ? tag.cvmCapabilityCvmRequiredK2 : tag.cvmCapabilityNoCvmRequiredK2;
  const capabilities = Uint8Array.from(bytesOf(run, tag.terminalCapabilities));
  capabilities[1] = bytesOf(run, from)[0] ?? 0;
  run.data.set(tag.terminalCapabilities, capabilities);
  chooseDynamicBits(run, cvmRequired);
};
