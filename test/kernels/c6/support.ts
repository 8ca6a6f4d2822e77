import { hex } from '#bytes/hex.ts';
import { kernel6 } from '#kernels/c6/kernel.ts';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import type { Kernel6Options } from '#kernels/shared/kernel-options.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { type Keys, trusting as trustingVisa } from '#test/kernels/c3/offline-card.ts';
import {
  cardOf,
  kernelInput as inputForVisa,
  type Objects,
  tlvs,
  type Tap as VisaTap,
} from '#test/kernels/c3/support.ts';
import { type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('A0000001523010');

/** What the book wants a PDOL to ask for: 9F66 9F02 9F03 9F1A 5F2A 9A 9C 9F37. */
export const PDOL = '9F66049F02069F03069F1A025F2A029A039C019F3704';

/** The answer to SELECT, with these objects inside A5. */
export const fciOf = (
  inside: Objects = { '50': '444953434F564552', '9F38': PDOL, '5F2D': '656E' },
) => encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0xa5, tlvs(inside)));

/** An application that goes online without a record to read. */
export const ONLINE: Objects = {
  '82': '0000',
  '57': '4761739001010119D28122011143878089',
  '5F34': '01',
  '5F25': '240101',
  '9F08': '0001',
  '9F10': '01050000000000000000',
  '9F26': '1122334455667788',
  '9F27': '80',
  '9F36': '0042',
  '9F71': '0000',
};

/** TTQ by what the reader can: EMV mode, and CDCVM as every reader. */
export const READER = { plain: '20004000', pin: '24004000', sign: '22004000', both: '26004000' };

export interface Tap extends Omit<VisaTap, 'options'> {
  readonly options?: Partial<Kernel6Options>;
  readonly floorLimitExceeded?: boolean;
}

export const kernelInput = ({ options, floorLimitExceeded, ...how }: Tap = {}): KernelInput => {
  const terminal = {
    '9F06': 'A0000001523010',
    '9F09': '0001',
    // No contact and no stripe reader; signature and No CVM.
    '9F33': '0028C8',
    '9F35': '22',
    ...how.terminal,
  };
  const input = inputForVisa({ ttq: READER.plain, fci: fciOf(), ...how, terminal });
  return {
    ...input,
    aid: AID,
    adfName: AID,
    preprocessing: {
      ...input.preprocessing,
      readerContactlessFloorLimitExceeded: floorLimitExceeded ?? false,
    },
    ...(options ? { options: { kernel6: options } } : {}),
  };
};

export const tap = (card: ScriptedCard, how: Tap = {}): Played<Outcome> =>
  play(kernel6(kernelInput(how)), card);

export const onlineCard = (changes: Objects = {}): ScriptedCard =>
  cardOf({ ...ONLINE, ...changes });

export const trusting = (
  keys: Keys,
  more: Parameters<typeof trustingVisa>[1] = {},
): Authentication => trustingVisa(keys, { rid: AID.subarray(0, 5), ...more });

export const tvrOf = ({ report }: Outcome): string =>
  Buffer.from(report?.tvr ?? [])
    .toString('hex')
    .toUpperCase();
