import { elementsOf, tag } from '#data/dictionary.ts';

/** What kernel 2 demands of an element that a card sends. C-2 4.7, Annex A */
export interface ElementRule {
  /** Its update conditions include RA: a card may send it. */
  readonly fromCard: boolean;
  readonly min: number;
  readonly max: number;
  /** Legal lengths are `min`, `min + step` and so on. */
  readonly step: number;
  /** Templates that it may stand directly in. */
  readonly within: readonly number[];
}

/** The rule for a tag; undefined if kernel 2 doesn't know it, so that a card may send anything. */
export const ruleOf = (wanted: number): ElementRule | undefined => RULES.get(wanted);

const { fciTemplate, fciProprietaryTemplate, fciIssuerDiscretionaryData } = tag;
const record = tag.readRecordResponseTemplate;
const answer = tag.responseMessageTemplateFormat2;

/** Stands for "in nothing": the outermost template of an answer. */
export const OUTERMOST = 0;

// Where an element may stand. The dictionary's template column as far as the books tell; decided
// where they don't: what GPO and GENERATE AC answer stands in 77; PAR, token requestor and third
// party data may also stand in BF0C, where real cards have them; an element of a name in the FCI
// stands in A5. All else is record data, which GPO and GENERATE AC may answer as well.
const WITHIN = new Map<number, readonly number[]>([
  [fciTemplate, [OUTERMOST]],
  [record, [OUTERMOST]],
  [answer, [OUTERMOST]],
  [tag.responseMessageTemplateFormat1, [OUTERMOST]],
  [fciProprietaryTemplate, [fciTemplate]],
  [fciIssuerDiscretionaryData, [fciProprietaryTemplate]],
  [tag.dfName, [fciTemplate]],
  [tag.applicationLabel, [fciProprietaryTemplate]],
  [tag.applicationPreferredName, [fciProprietaryTemplate]],
  [tag.applicationPriorityIndicator, [fciProprietaryTemplate]],
  [tag.issuerCodeTableIndex, [fciProprietaryTemplate]],
  [tag.languagePreference, [fciProprietaryTemplate]],
  [tag.pdol, [fciProprietaryTemplate]],
  [tag.applicationCapabilitiesInformation, [fciIssuerDiscretionaryData]],
  [tag.logEntry, [fciIssuerDiscretionaryData]],
  [tag.thirdPartyData, [fciIssuerDiscretionaryData, record, answer]],
  [tag.paymentAccountReference, [fciIssuerDiscretionaryData, record, answer]],
  [tag.tokenRequestorId, [fciIssuerDiscretionaryData, record, answer]],
  [tag.posCardholderInteractionInformation, [fciIssuerDiscretionaryData, answer]],
  [tag.applicationInterchangeProfile, [answer]],
  [tag.applicationFileLocator, [answer]],
  [tag.applicationCryptogram, [answer]],
  [tag.applicationTransactionCounter, [answer]],
  [tag.cryptogramInformationData, [answer]],
  [tag.issuerApplicationData, [answer]],
  [tag.signedDynamicApplicationData, [answer]],
  // Only the answer to EXCHANGE RELAY RESISTANCE DATA gives these, and that is no TLV.
  [tag.deviceRelayResistanceEntropy, []],
  [tag.minTimeForProcessingRelayResistanceApdu, []],
  [tag.maxTimeForProcessingRelayResistanceApdu, []],
  [tag.deviceEstimatedTransmissionTimeForRelayResistanceRApdu, []],
]);

// Lengths where C-2 is narrower than the base books. 8E of an odd length is stored: it ends the
// transaction when it is used.
const LENGTHS = new Map<number, Pick<ElementRule, 'min' | 'max'> & { readonly step?: number }>([
  [tag.pdol, { min: 0, max: 240 }],
  [tag.cdol1, { min: 0, max: 250 }],
  [tag.cvmList, { min: 10, max: 250 }],
  [tag.applicationFileLocator, { min: 4, max: 248, step: 4 }],
  // One byte or three.
  [tag.issuerPublicKeyExponent, { min: 1, max: 3, step: 2 }],
  [tag.iccPublicKeyExponent, { min: 1, max: 3, step: 2 }],
]);

// Without data storage its elements are unknown: real cards carry DF60 to DF62 in BF0C, and must
// not fail for it.
const DATA_STORAGE = new Set([
  tag.dsOdsCard,
  tag.dsdol,
  tag.dsRequestedOperatorId,
  tag.dsId,
  tag.dsSlotAvailability,
  tag.dsSlotManagementControl,
  tag.protectedDataEnvelope1,
  tag.protectedDataEnvelope2,
  tag.protectedDataEnvelope3,
  tag.protectedDataEnvelope4,
  tag.protectedDataEnvelope5,
  tag.unprotectedDataEnvelope1,
  tag.unprotectedDataEnvelope2,
  tag.unprotectedDataEnvelope3,
  tag.unprotectedDataEnvelope4,
  tag.unprotectedDataEnvelope5,
  tag.dsSummary1,
  tag.dsUnpredictableNumber,
  tag.dsInputCard,
  tag.dsDigestH,
  tag.dsOdsInfo,
  tag.dsOdsTerm,
  tag.dsSummary2,
  tag.dsSummary3,
  tag.dataNeededK2,
  tag.dsAcType,
  tag.dsInputTerm,
  tag.dsOdsInfoForReader,
  tag.dsSummaryStatus,
  tag.dsvnTerm,
  tag.postGenAcPutDataStatus,
  tag.preGenAcPutDataStatus,
  tag.proceedToFirstWriteFlagK2,
  tag.tagsToReadK2,
  tag.timeOutValue,
  tag.idsStatus,
  tag.tagsToWriteBeforeGenAc,
  tag.tagsToWriteAfterGenAc,
  tag.dataToSendK2,
]);

const RULES: ReadonlyMap<number, ElementRule> = new Map(
  [...elementsOf('K2')]
    .filter(([found]) => !DATA_STORAGE.has(found))
    .map(([found, row]) => [
      found,
      {
        fromCard: row.source === 'card',
        min: row.min,
        max: row.max ?? 255,
        step: 1,
        ...LENGTHS.get(found),
        within: WITHIN.get(found) ?? [record, answer],
      },
    ]),
);
