/** Firmware of the terminal's peripherals: what the maker offers, brought to each device. */

export { MOST_TRIES, type Note, readNote, unfinishedFirmware } from './notes.ts';
export type { FirmwareOutcome, FirmwareParts, FirmwareResult, GiveBack } from './types.ts';
export { updateFirmware } from './update.ts';
