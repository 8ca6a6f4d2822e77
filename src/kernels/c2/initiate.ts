import { getProcessingOptions } from '#apdu/command.ts';
import { type ResponseApdu, swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs, tagText } from '#tlv/tlv.ts';
import { parseAfl } from '../shared/application-file-locator.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { dolValues } from '../shared/dol-values.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { parseAndStore, storePrimitive } from './database.ts';
import { endWithError, selectNext, tryAgain } from './outcomes.ts';
import {
  bytesOf,
  cdcvmSupported,
  dataBit,
  isNotEmpty,
  type Kernel2Run,
  numberOf,
  type State,
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
  if (isMalformed(pdol)) return endWithError(run, 'cardDataError', reasonOf('PDOL', pdol));
  run.pdolValues = dolValues(pdol, 'K2', (wanted) => run.data.get(wanted));
  if (run.pdolValues.length > 252) {
    return endWithError(run, 'cardDataError', reason('asks for over 252 bytes', tag.pdol));
  }
  const answer = yield* exchange(getProcessingOptions(run.pdolValues));
  if ('fault' in answer) return tryAgain(run, answer.fault);
  if (answer.sw !== sw.ok) {
    run.error.sw12 = answer.sw;
    return selectNext(run, 'statusBytes', reason(`GPO answered ${swText(answer.sw)}`));
  }
  return afterGpo(run, answer);
};

const storeFci = (run: Kernel2Run): Malformed | undefined => {
  const template = soleTemplate(run.input.fci, tag.fciTemplate);
  return isMalformed(template) ? template : parseAndStore(run, run.input.fci);
};

const afterGpo = (run: Kernel2Run, answer: ResponseApdu) => {
  const problem = storeProcessingOptions(run, answer.data);
  if (problem !== undefined) return endWithError(run, 'parsingError', reasonOf('GPO', problem));
  for (const wanted of [tag.applicationInterchangeProfile, tag.applicationFileLocator]) {
    if (!isNotEmpty(run, wanted)) {
      return endWithError(run, 'cardDataMissing', reason('GPO: it is missing', wanted));
    }
  }
  const aip = bytesOf(run, tag.applicationInterchangeProfile);
  if (!bit(aip, 2, 8)) {
    const why = reason('the card knows no EMV mode', tag.applicationInterchangeProfile);
    return endWithError(run, 'magStripeNotSupported', why);
  }
  run.transactionLimit = numberOf(
    run,
    cdcvmSupported(run)
      ? tag.readerContactlessTransactionLimitCdcvm
      : tag.readerContactlessTransactionLimitNoCdcvm,
  );
  // Relay resistance is not built yet: as for a reader without it. S3.60
  setTvr(run, 'relayResistanceNotPerformed');
  const records = parseAfl(bytesOf(run, tag.applicationFileLocator));
  if (isMalformed(records)) return endWithError(run, 'cardDataError', reasonOf('AFL', records));
  run.toRead = records;
  run.cda = bit(aip, 1, 1) && dataBit(run, tag.terminalCapabilities, 3, 4);
  if (!run.cda) setTvr(run, 'odaNotPerformed');
  return 'readRecords' as const;
};

// Format 2 (77) holds TLV; format 1 (80) is AIP and AFL side by side. S3.15 to S3.18
const storeProcessingOptions = (run: Kernel2Run, data: Uint8Array): Malformed | undefined => {
  const objects = parseTlvs(data);
  if (isMalformed(objects)) return objects;
  const [first] = objects;
  const format1 = tag.responseMessageTemplateFormat1;
  if (first === undefined || objects.length > 1) return malformed([], 0, 'not one template');
  if (first.tag === tag.responseMessageTemplateFormat2) return parseAndStore(run, data);
  const path = [tagText(first.tag)];
  if (first.tag !== format1) return malformed(path, 0, 'neither 77 nor 80');
  if (first.value.length < 6 || (first.value.length - 2) % 4 !== 0) {
    return malformed(path, first.valueOffset, `length ${first.value.length} is no AIP and AFL`);
  }
  const aip = first.value.subarray(0, 2);
  const afl = first.value.subarray(2);
  return (
    storePrimitive(run, tag.applicationInterchangeProfile, aip, path, first.valueOffset) ??
    storePrimitive(run, tag.applicationFileLocator, afl, path, first.valueOffset + 2)
  );
};
