import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { dolValues } from '../shared/dol-values.ts';
import { processingOptionsFields } from '../shared/format-one.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { exchangeForDol } from './data-exchange.ts';
import { parseAndStore, storeFields } from './database.ts';
import { endWithError, selectNext, tryAgain } from './outcomes.ts';
import {
  bytesOf,
  cdcvmSupported,
  dataBit,
  isNotEmpty,
  type Kernel2Run,
  numberOf,
  type State,
  type StateName,
  setTvr,
} from './run.ts';

/** S1, S3: from the FCI to the answer of GET PROCESSING OPTIONS. C-2 6.4, 6.6 */
export const idle: State = function* (run) {
  const problem = storeFci(run);
  if (problem !== undefined) return selectNext(run, 'parsingError', reasonOf('FCI', problem));
  if (!isNotEmpty(run, tag.dfName)) {
    return selectNext(run, 'cardDataMissing', reason('FCI: DF Name is missing', tag.dfName));
  }
  // Field-off detection: the card wants to see the field go. Application Capabilities B2b3
  if (dataBit(run, tag.applicationCapabilitiesInformation, 2, 3)) {
    run.fieldOffMs = (bytesOf(run, tag.holdTimeValueK2)[0] ?? 0) * 100;
  }
  const pdol = parseDol(bytesOf(run, tag.pdol));
  // The book doesn't say where a DOL that can't be read leads; decided: as other card data errors.
  if (isMalformed(pdol)) return endWithError(run, 'cardDataError', reasonOf('PDOL', pdol));
  const late = yield* exchangeForDol(run, pdol);
  if (late !== undefined) return late;
  run.pdolValues = dolValues(pdol, 'K2', (wanted) => run.data.get(wanted));
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

const storeFci = (run: Kernel2Run): Malformed | undefined => {
  const template = soleTemplate(run.input.fci, tag.fciTemplate);
  if (isMalformed(template)) return template;
  const objects = parseAndStore(run, template);
  return isMalformed(objects) ? objects : undefined;
};

const afterGpo = (run: Kernel2Run, data: Uint8Array): Outcome | StateName => {
  const problem = storeProcessingOptions(run, data);
  if (problem !== undefined) return endWithError(run, 'parsingError', reasonOf('GPO', problem));
  for (const wanted of [tag.applicationFileLocator, tag.applicationInterchangeProfile]) {
    if (!isNotEmpty(run, wanted)) {
      return endWithError(run, 'cardDataMissing', reason('GPO: it is missing', wanted));
    }
  }
  if (!dataBit(run, tag.applicationInterchangeProfile, 2, 8)) {
    const why = reason('the card knows no EMV mode', tag.applicationInterchangeProfile);
    return endWithError(run, 'magStripeNotSupported', why);
  }
  run.transactionLimit = numberOf(
    run,
    cdcvmSupported(run)
      ? tag.readerContactlessTransactionLimitCdcvm
      : tag.readerContactlessTransactionLimitNoCdcvm,
  );
  const relayResistanceSupported =
    dataBit(run, tag.kernelConfigurationK2, 1, 5) &&
    dataBit(run, tag.applicationInterchangeProfile, 2, 1);
  if (relayResistanceSupported) return 'relayResistance';
  setTvr(run, 'relayResistanceNotPerformed');
  return 'readRecords';
};

// Format 2 (77) holds TLV; format 1 (80) is AIP and AFL side by side. C-2 S3
const storeProcessingOptions = (run: Kernel2Run, data: Uint8Array): Malformed | undefined => {
  const template = soleTemplate(data, ...PROCESSING_OPTIONS);
  if (isMalformed(template)) return template;
  if (template.tag === tag.responseMessageTemplateFormat2) {
    const objects = parseAndStore(run, template);
    return isMalformed(objects) ? objects : undefined;
  }
  const fields = processingOptionsFields(template);
  if (fields === undefined) {
    return malformed(
      [tagText(template.tag)],
      template.valueOffset,
      `a length of ${template.value.length} is no AIP and AFL`,
    );
  }
  return storeFields(run, template, fields);
};

const PROCESSING_OPTIONS = [tag.responseMessageTemplateFormat1, tag.responseMessageTemplateFormat2];
