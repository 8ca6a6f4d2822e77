import { fromBcd } from '#bytes/bcd.ts';
import { bit, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap } from './kernel-input.ts';

/**
 * Whether Application Usage Control (9F07) lets the application be used here and for this: byte 1
 * domestic/international pairs from bit 8 down for cash, goods, services; b2 cash machine, b1 other
 * places; byte 2 b8/b7 cashback. Without an issuer's country only the place counts. Book 3 Annex C2
 */
export const usageAllowed = (card: DataMap, terminal: DataMap): boolean => {
  const usage = card.get(tag.applicationUsageControl) ?? NOTHING;
  const may = (byte: number, bitNumber: number) => bit(usage, byte, bitNumber);
  if (!may(1, isCashMachine(terminal) ? 2 : 1)) return false;
  const issuerCountry = card.get(tag.issuerCountryCode) ?? NOTHING;
  if (issuerCountry.length === 0) return true;
  const second = equal(issuerCountry, terminal.get(tag.terminalCountryCode) ?? NOTHING) ? 0 : 1;
  const type = terminal.get(tag.transactionType)?.[0];
  if ((type === 0x01 || type === 0x17) && !may(1, 8 - second)) return false;
  const purchase = type === 0x00 || type === 0x09;
  if (purchase && !may(1, 6 - second) && !may(1, 4 - second)) return false;
  const other = fromBcd(terminal.get(tag.amountOtherNumeric) ?? NOTHING);
  return other === 0 || may(2, 8 - second);
};

// Terminal Type 14, 15, 16 with cash among the Additional Terminal Capabilities.
const isCashMachine = (terminal: DataMap): boolean => {
  const type = terminal.get(tag.terminalType)?.[0] ?? 0;
  const capabilities = terminal.get(tag.additionalTerminalCapabilities) ?? NOTHING;
  return type >= 0x14 && type <= 0x16 && bit(capabilities, 1, 8);
};

const NOTHING = new Uint8Array(0);
