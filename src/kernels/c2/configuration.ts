import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap } from '../shared/kernel.ts';

/**
 * Defaults of kernel 2's configuration data, C-2 Table 4-3. What is configured overrides them. The
 * relay resistance periods and thresholds have no default in 2.12: these are older versions', and
 * kernel 8's examples are the same.
 */
export const defaults: DataMap = new Map([
  [tag.additionalTerminalCapabilities, hex('0000000000')],
  [tag.applicationVersionNumberTerminal, hex('0002')],
  [tag.cardDataInputCapabilityK2, hex('00')],
  [tag.cvmCapabilityCvmRequiredK2, hex('00')],
  [tag.cvmCapabilityNoCvmRequiredK2, hex('00')],
  [tag.holdTimeValueK2, hex('0D')],
  [tag.kernelConfigurationK2, hex('00')],
  [tag.kernelId, hex('02')],
  [tag.messageHoldTimeK2, hex('000013')],
  // Mask, value, message identifier, status: the first row that fits DF4B is shown. Table 4-7
  [
    tag.phoneMessageTable,
    hex(
      '0000010000012000 0008000008002000 0004000004002000 ' +
        '0001000001002000 0002000002002000 0000000000000700',
    ),
  ],
  [tag.readerContactlessFloorLimitK2, hex('000000000000')],
  [tag.readerContactlessTransactionLimitNoCdcvm, hex('000000000000')],
  [tag.readerContactlessTransactionLimitCdcvm, hex('000000000000')],
  [tag.readerCvmRequiredLimitK2, hex('000000000000')],
  [tag.securityCapabilityK2, hex('00')],
  [tag.terminalActionCodeDefault, hex('840000000C')],
  [tag.terminalActionCodeDenialK2, hex('840000000C')],
  [tag.terminalActionCodeOnlineK2, hex('840000000C')],
  [tag.terminalCountryCode, hex('0000')],
  [tag.terminalType, hex('00')],
  [tag.timeOutValue, hex('01F4')],
  [tag.transactionType, hex('00')],
  // Relay resistance: all but the percentage in units of 100 microseconds.
  [tag.minimumRelayResistanceGracePeriodK2, hex('0014')],
  [tag.maximumRelayResistanceGracePeriod, hex('0032')],
  [tag.terminalExpectedTransmissionTimeForRelayResistanceCApduK2, hex('0012')],
  [tag.terminalExpectedTransmissionTimeForRelayResistanceRApduK2, hex('0018')],
  [tag.relayResistanceAccuracyThresholdK2, hex('012C')],
  [tag.relayResistanceTransmissionTimeMismatchThresholdK2, hex('32')],
]);
