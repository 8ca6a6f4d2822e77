/** Firmware of the terminal's peripherals: what the maker offers, brought to each device. */

export { unfinishedFirmware } from './notes.ts';
export type { FirmwareOutcome, FirmwareParts, FirmwareResult, GiveBack } from './types.ts';
export { updateFirmware } from './update.ts';
