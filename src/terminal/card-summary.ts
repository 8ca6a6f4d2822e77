import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { maskPan } from '#data/mask.ts';
import { schemeOf } from '#data/schemes.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import { parseTrack2 } from '#kernels/shared/track2.ts';
import type { SaleResult } from './types.ts';

/** What a receipt or a cashier may know of a card: scheme, application, masked number. */
export const describeCard = ({
  selected,
  outcome,
}: ActivationEnd): Pick<SaleResult, 'scheme' | 'application' | 'maskedPan'> => {
  if (selected === null) return {};
  const find = (wanted: number) =>
    outcome?.dataRecord.find((element) => element.tag === wanted)?.value;
  const track2 = parseTrack2(find(tag.track2EquivalentData) ?? new Uint8Array(0));
  const pan = track2?.pan ?? fromCompressedNumeric(find(tag.applicationPan) ?? new Uint8Array(0));
  const scheme = schemeOf(selected.combination.aid)?.name;
  return {
    ...(scheme ? { scheme } : {}),
    application: toHex(selected.candidate.adfName),
    ...(pan ? { maskedPan: maskPan(pan) } : {}),
  };
};
