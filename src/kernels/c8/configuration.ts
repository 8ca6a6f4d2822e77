import type { Element, ElementName } from '#data/dictionary.ts';
import { element, tag } from '#data/dictionary.ts';
import type { DataMap } from '../shared/kernel.ts';
import { type Reason, reason } from '../shared/outcome.ts';

/**
 * What is wrong with the configuration: an element that must be there and isn't, or has a length
 * that it can't have. C-8 S1
 */
export const configurationProblem = (data: DataMap): Reason | undefined => {
  for (const name of MANDATORY) {
    const value = data.get(tag[name]);
    if (value === undefined || value.length === 0) return reason('is not configured', tag[name]);
    if (!fits(element(name), value)) return reason('has a wrong length', tag[name]);
  }
  for (const name of OPTIONAL) {
    const value = data.get(tag[name]);
    if (value === undefined || value.length === 0) continue;
    if (!fits(element(name), value)) return reason('has a wrong length', tag[name]);
  }
  return undefined;
};

const fits = ({ min, max }: Element, value: Uint8Array): boolean =>
  value.length >= min && (max === null || value.length <= max);

const MANDATORY = [
  'additionalTerminalCapabilities',
  'applicationIdentifierTerminal',
  'applicationVersionNumberTerminal',
  'cardDataInputCapabilityK8',
  'cvmCapabilityCvmRequiredK8',
  'cvmCapabilityNoCvmRequiredK8',
  'defaultIadMacOffset',
  'discretionaryDataTagList',
  'holdTimeValueK8',
  'kernelConfigurationK8',
  'kernelReservedTvrMask',
  'maximumRelayResistanceGracePeriodK8',
  'messageHoldTimeK8',
  'messageIdentifiersOnRestart',
  'minimumRelayResistanceGracePeriodK8',
  'readerContactlessFloorLimitK8',
  'readerCvmRequiredLimitK8',
  'relayResistanceAccuracyThresholdK8',
  'relayResistanceTransmissionTimeMismatchThresholdK8',
  'securityCapabilityK8',
  'terminalActionCodeDenialK8',
  'terminalActionCodeOnlineK8',
  'terminalCountryCode',
  'terminalExpectedTransmissionTimeForRelayResistanceCApduK8',
  'terminalExpectedTransmissionTimeForRelayResistanceRApduK8',
  'terminalRiskManagementData',
  'terminalType',
  'timeOutValueK8',
  'transactionType',
] as const satisfies readonly ElementName[];

const OPTIONAL = [
  'accountType',
  'acquirerIdentifier',
  'dataEnvelopesToWrite',
  'defaultCdol1',
  'interfaceDeviceSerialNumber',
  'merchantCategoryCode',
  'merchantIdentifier',
  'merchantNameAndLocation',
  'proceedToFirstWriteFlagK8',
  'tagMappingList',
  'tagsToReadK8',
  'terminalIdentification',
  'transactionCurrencyCode',
  'transactionCurrencyExponent',
] as const satisfies readonly ElementName[];
