import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { concat } from '#bytes/bytes.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { EPHEMERAL_SEED_BYTES, ephemeralKey } from '#crypto/blinded-diffie-hellman.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, random, type Step } from '../shared/step.ts';
import { configurationProblem } from './configuration.ts';
import { openDataExchange } from './data-exchange.ts';
import { parseAndStore, valuesFor } from './database.ts';
import { endWithError, selectNext, tryAgain } from './outcomes.ts';
import {
  bytesOf,
  dataBit,
  isNotEmpty,
  type Kernel8Run,
  type State,
  type StateName,
  setTvr,
} from './run.ts';
import { agreeWithCard, certificateSuites, commonSuite, openChannel } from './secure-channel.ts';

/** S1, S2, S20: from the configuration to the answer of GET PROCESSING OPTIONS. */
export const initiate: State = function* (run) {
  const misconfigured = configurationProblem(run.data);
  if (misconfigured !== undefined) return selectNext(run, 'terminalDataError', misconfigured);
  clearDynamicBits(run);
  const problem = storeFci(run);
  if (problem !== undefined) return selectNext(run, 'parsingError', reasonOf('FCI', problem));
  const missing = missingInFci(run);
  if (missing !== undefined) return selectNext(run, 'cardDataMissing', missing);
  // Field-off detection: the card wants to see the field go. Card Qualifier byte 5 bit 8
  if (dataBit(run, tag.cardQualifier, 5, 8)) {
    run.fieldOffMs = (bytesOf(run, tag.holdTimeValueK8)[0] ?? 0) * 100;
  }
  yield* prepare(run);
  const suite = commonSuite(bytesOf(run, tag.cardQualifier));
  if (suite === undefined) {
    const why = reason('no secure channel that both sides know', tag.cardQualifier);
    return endWithError(run, 'cardDataError', why);
  }
  yield* openOurSide(run, suite);
  const pdol = parseDol(bytesOf(run, tag.pdol));
  // The book doesn't say where a DOL that can't be read leads; decided: as other card data errors.
  if (isMalformed(pdol)) return endWithError(run, 'cardDataError', reasonOf('PDOL', pdol));
  run.pdolValues = valuesFor(run, pdol);
  // Template 83 with its length must fit into one command.
  if (run.pdolValues.length > 252) {
    return endWithError(run, 'cardDataError', reason('asks for over 252 bytes', tag.pdol));
  }
  const answer = yield* exchange(getProcessingOptions(run.pdolValues));
  if ('fault' in answer) return tryAgain(run, answer.fault);
  if (answer.sw !== sw.ok) {
    run.error.sw12 = answer.sw;
    return selectNext(run, 'statusBytes', reason(`GPO answered ${swText(answer.sw)}`));
  }
  return afterGpo(run, answer.data);
};

// The card qualifier's version must be that of C-8 1.2; 1.1 refused only 00.
const CARD_QUALIFIER_VERSION = 0x02;

// Terminal Risk Management Data: byte 1 b7 b6 b4 b3 and byte 2 b8 follow the amount later. S1
const STATIC_BITS = Uint8Array.of(0x93, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

const clearDynamicBits = (run: Kernel8Run): void => {
  const configured = bytesOf(run, tag.terminalRiskManagementData);
  run.data.set(
    tag.terminalRiskManagementData,
    configured.map((byte, i) => byte & (STATIC_BITS[i] ?? 0)),
  );
};

const storeFci = (run: Kernel8Run): Malformed | undefined => {
  const template = soleTemplate(run.input.fci, tag.fciTemplate);
  return isMalformed(template) ? template : parseAndStore(run, template);
};

const missingInFci = (run: Kernel8Run) => {
  for (const wanted of [tag.dfName, tag.cardQualifier]) {
    if (!isNotEmpty(run, wanted)) return reason('FCI: it is missing', wanted);
  }
  return bytesOf(run, tag.cardQualifier)[0] === CARD_QUALIFIER_VERSION
    ? undefined
    : reason('of another version', tag.cardQualifier);
};

// S2: what every transaction begins with.
function* prepare(run: Kernel8Run): Step<void> {
  setTvr(run, 'kernel8');
  run.data.set(tag.cvmResults, new Uint8Array(3));
  run.data.set(tag.relayResistanceTimeExcess, new Uint8Array(2));
  // Terminal Capabilities are put together from the reader's own objects.
  const security = bytesOf(run, tag.securityCapabilityK8)[0] ?? 0;
  const input = bytesOf(run, tag.cardDataInputCapabilityK8)[0] ?? 0;
  run.data.set(tag.terminalCapabilities, Uint8Array.of(input, 0, security));
  run.data.set(tag.unpredictableNumber, run.input.unpredictableNumber);
  yield* openDataExchange(run);
}

// S2: the kernel's half of the channel, as the card gets to know it.
function* openOurSide(run: Kernel8Run, suite: number): Step<void> {
  const own = run.input.ephemeralKey ?? ephemeralKey(yield* random(EPHEMERAL_SEED_BYTES));
  const suites = certificateSuites(bytesOf(run, tag.kernelConfigurationK8));
  run.channel = openChannel(suite, suites, own);
  run.data.set(tag.kernelKeyData, own.publicKey);
  run.data.set(tag.kernelQualifier, kernelQualifier(run));
}

// Version, local authentication, the channel's suite, up to three certificate suites, RFU.
const kernelQualifier = (run: Kernel8Run): Uint8Array => {
  const { suite, certificateSuites: suites } = run.channel;
  const list = new Uint8Array(3).fill(0xff);
  list.set(suites);
  const local = dataBit(run, tag.terminalCapabilities, 3, 5) ? 0x80 : 0x00;
  return concat(Uint8Array.of(0x02, local, suite), list, new Uint8Array(2));
};

const afterGpo = (run: Kernel8Run, data: Uint8Array): Outcome | StateName => {
  const template = soleTemplate(data, tag.responseMessageTemplateFormat2);
  const problem = isMalformed(template) ? template : parseAndStore(run, template);
  if (problem !== undefined) return endWithError(run, 'parsingError', reasonOf('GPO', problem));
  if (!isNotEmpty(run, tag.cdol1) && isNotEmpty(run, tag.defaultCdol1)) {
    run.data.set(tag.cdol1, bytesOf(run, tag.defaultCdol1));
  }
  const absent = MANDATORY.find((wanted) => !isNotEmpty(run, wanted));
  if (absent !== undefined) {
    return endWithError(run, 'cardDataMissing', reason('GPO: it is missing', absent));
  }
  if (!agreeWithCard(run.channel, bytesOf(run, tag.cardKeyData))) {
    const why = reason('not the key of a card', tag.cardKeyData);
    return endWithError(run, 'decryptionFailed', why);
  }
  const relayResistanceSupported =
    dataBit(run, tag.kernelConfigurationK8, 1, 5) &&
    dataBit(run, tag.applicationInterchangeProfile, 2, 1);
  if (relayResistanceSupported) return 'relayResistance';
  setTvr(run, 'relayResistanceNotPerformed');
  return 'readEnvelopes';
};

const MANDATORY = [
  tag.applicationInterchangeProfile,
  tag.applicationFileLocator,
  tag.cardKeyData,
  tag.cdol1,
];
