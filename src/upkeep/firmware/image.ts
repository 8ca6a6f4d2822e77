import { createHash } from 'node:crypto';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Target, Untrusted } from '#ports/trusted-source.ts';
import type { FirmwareParts } from './types.ts';

/** Firmware is held whole in memory, and those of scanners, displays and printers are small. */
const MOST_BYTES = 32 << 20;

/** Fetches firmware that the maker has signed for, and reads it whole. */
export const fetchImage = async (
  { source, disk }: Pick<FirmwareParts, 'source' | 'disk'>,
  target: Target,
  signal: AbortSignal,
): Promise<Uint8Array | Untrusted | Fault> => {
  if (target.bytes > MOST_BYTES) {
    return fault('device', `${target.path} is no firmware for a peripheral: over 32 MiB`);
  }
  const fetched = await source.fetch(target, signal);
  if ('untrusted' in fetched) return fetched;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const read = await disk.read(fetched.file, (piece) => {
    bytes += piece.length;
    // Longer than what was signed for: it is refused below, and needs no more memory.
    if (bytes <= target.bytes) pieces.push(Uint8Array.from(piece));
  });
  if (isFault(read)) return read;
  if (read === 'absent') return fault('disk', `${fetched.file} is gone again`);
  return bytes > target.bytes ? changed(target) : new Uint8Array(Buffer.concat(pieces));
};

/** Asked right before a transfer: whether these bytes are those that were signed for. */
export const untrustedImage = (image: Uint8Array, target: Target): Untrusted | undefined => {
  const digest = createHash('sha256').update(image).digest('hex');
  return image.length === target.bytes && digest === target.sha256 ? undefined : changed(target);
};

const changed = ({ path }: Target): Untrusted => ({
  untrusted: 'content',
  detail: `${path} is not what the maker signed for: it was changed after it was checked`,
});
