import { hex } from '#bytes/hex.ts';
import { kernel7 } from '#kernels/c7/kernel.ts';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import type { Kernel7Options } from '#kernels/shared/kernel-options.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import {
  type Keys,
  type OfflineStory,
  offlineCard as signingCard,
  trusting as trustingVisa,
} from '#test/kernels/c3/offline-card.ts';
import {
  cardOf,
  fciOf as fciOfVisa,
  kernelInput as inputForVisa,
  type Objects,
  PDOL,
  type Tap as VisaTap,
} from '#test/kernels/c3/support.ts';
import { type Played, play, type ScriptedCard } from '#test/support/scripted-card.ts';

export const AID = hex('A000000333010101');

/** The answer to SELECT, with these objects inside. */
export const fciOf = (inside: Objects = { '50': '554E494F4E', '9F38': PDOL, '5F2D': '7A68656E' }) =>
  fciOfVisa(inside);

/** An application that goes online without a record to read. */
export const ONLINE: Objects = {
  '82': '2000',
  '57': '4761739001010119D28122011143878089',
  '5F34': '01',
  '9F10': '07010103A0000001',
  '9F26': '1122334455667788',
  '9F27': '80',
  '9F36': '0042',
  '9F6C': '0000',
};

/** TTQ by what the reader can: the full flow in EMV mode, and CDCVM as every reader. */
export const READER = { plain: '60004000', pin: '64004000', sign: '62004000', both: '66004000' };

export type Tap = Omit<VisaTap, 'options'> & { readonly options?: Partial<Kernel7Options> };

export const kernelInput = ({ options, ...how }: Tap = {}): KernelInput => ({
  ...inputForVisa({ ttq: READER.plain, fci: fciOf(), ...how }),
  aid: AID,
  adfName: AID,
  ...(options ? { options: { kernel7: options } } : {}),
});

export const tap = (card: ScriptedCard, how: Tap = {}): Played<Outcome> =>
  play(kernel7(kernelInput(how)), card);

export const onlineCard = (changes: Objects = {}): ScriptedCard =>
  cardOf({ ...ONLINE, ...changes });

/** Fast DDA of version 01: its number, the card's random number, the qualifiers' copy, RFU. */
export const RELATED = '01CAFEBABE000000';

/** A card that has signed what the terminal sends; the same wire as kernel 3's. */
export const offlineCard = (keys: Keys, story: OfflineStory = {}): ScriptedCard =>
  signingCard(keys, { related: RELATED, ...story });

export const trusting = (
  keys: Keys,
  more: Parameters<typeof trustingVisa>[1] = {},
): Authentication => trustingVisa(keys, { rid: AID.subarray(0, 5), ...more });
