import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { bytesOf, isNotEmpty, type Kernel2Run, readerDoesCdcvm } from './run.ts';

// Terminal Risk Management Data (9F1D). C-2's dictionary calls byte 1 b7 (online PIN), b6
// (signature), b4 (no CVM), b3 (on-device verification) and byte 2 b8 (CVM limit exceeded) dynamic,
// and its state machine has no step for them. Decided: kernel 8's rule. They are clear from the
// start, so in the PDOL too, and before GENERATE AC follow the CVM capability that counts for this
// amount; kernel 2's capability byte has no bit for on-device verification, so b3 is the kernel
// configuration's. Only where 9F1D is configured: else a DOL gets zeros.
const DYNAMIC = Uint8Array.of(0x6c, 0x80);

/** At the start of a transaction. */
export const clearDynamicBits = (run: Kernel2Run): void => setDynamicBits(run, new Uint8Array(2));

/** Before GENERATE AC, once it is known whether the amount is over the CVM limit. */
export const chooseDynamicBits = (run: Kernel2Run, cvmRequired: boolean): void => {
  const capability = bytesOf(run, tag.terminalCapabilities);
  let methods = 0;
  for (const same of [7, 6, 4]) if (bit(capability, 2, same)) methods |= 1 << (same - 1);
  if (readerDoesCdcvm(run)) methods |= 0x04;
  setDynamicBits(run, Uint8Array.of(methods, cvmRequired ? 0x80 : 0));
};

const setDynamicBits = (run: Kernel2Run, bits: Uint8Array): void => {
  if (run.input.options?.kernel2?.riskManagementData === 'asConfigured') return;
  if (!isNotEmpty(run, tag.terminalRiskManagementData)) return;
  const value = bytesOf(run, tag.terminalRiskManagementData).map(
    (byte, i) => (byte & ~(DYNAMIC[i] ?? 0)) | (bits[i] ?? 0),
  );
  run.data.set(tag.terminalRiskManagementData, value);
};
