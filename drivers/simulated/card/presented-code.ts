import { randomBytes } from 'node:crypto';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { CONSUMER_FORMAT, type ConsumerObject, encodeConsumerCode } from '#qr/index.ts';
import { coveredByCode } from '../issuer/index.ts';
import type { AtcStore } from './atc-store.ts';
import {
  type CardFile,
  type CardFileProblem,
  isCardFileProblem,
  type KeyMaterial,
} from './card-file.ts';
import { cryptogramElements } from './cryptogram.ts';
import { type CardApplication, personalise } from './personalise.ts';

export interface CodeOptions {
  /** The phone's: a code uses up a transaction counter, as a tap does. */
  readonly store: AtcStore;
  /** For the unpredictable number; node:crypto's when absent. */
  readonly random?: (length: number) => Uint8Array;
}

/**
 * A consumer-presented code (EMVCo QRCPS CPM) of a phone whose holder has just unlocked it: the
 * account, and a cryptogram for one payment. Of the application that it would rather pay with.
 * Plastic has no screen to show one on; a problem names the key, not the file.
 * @param keys of its keys.json, an entry an application
 */
export const presentCode = (
  file: CardFile,
  keys: readonly (KeyMaterial | null)[],
  { store, random = (length) => new Uint8Array(randomBytes(length)) }: CodeOptions,
): string | CardFileProblem => {
  const [first] = file.applications.toSorted((a, b) => a.priority - b.priority);
  if (first === undefined || !('onDevice' in first.verification)) {
    return { problem: 'no phone: it has no screen to show a code on' };
  }
  // Its cryptogram stands or falls with a secure channel to a terminal.
  if (first.profile === 'c8') return { problem: 'a phone of kernel 8 shows no codes' };
  const application = personalise(first, keys[file.applications.indexOf(first)] ?? null);
  if (isCardFileProblem(application)) return application;
  const atc = store.load() + 1;
  if (atc > 0xffff) return { problem: 'its transaction counter is used up' };
  store.save(atc);
  return codeOf(application, Uint8Array.of(atc >> 8, atc & 0xff), random(4));
};

const codeOf = (
  app: CardApplication,
  atc: Uint8Array,
  unpredictableNumber: Uint8Array,
): string | CardFileProblem => {
  const made = cryptogramElements(
    app,
    {
      ...{ atc, random: () => new Uint8Array(), verifiedOnDevice: true },
      terminal: coveredByCode(new Map([[tag.unpredictableNumber, unpredictableNumber]])),
      ...{ pdolValues: new Uint8Array(), relayResistance: undefined, channel: undefined },
    },
    'arqc',
  );
  if (isMalformed(made)) return { problem: describeMalformed(made) };
  const all = new Map([...app.elements, ...made, [tag.unpredictableNumber, unpredictableNumber]]);
  const of = (tags: readonly number[]): ConsumerObject[] =>
    tags.flatMap((one) => {
      const value = all.get(one);
      return value === undefined ? [] : [{ tag: one, value }];
    });
  const objects = [
    { tag: tag.adfNameDirectoryAid, value: app.aid },
    ...of(ACCOUNT),
    { tag: tag.cpmApplicationSpecificTransparentTemplate, objects: of(FOR_THE_ISSUER) },
  ];
  const code = encodeConsumerCode([
    { tag: tag.cpmPayloadFormatIndicator, value: CONSUMER_FORMAT },
    { tag: tag.applicationTemplateDirectoryEntry, objects },
  ]);
  return isMalformed(code) ? { problem: describeMalformed(code) } : code;
};

const ACCOUNT = [tag.applicationLabel, tag.track2EquivalentData, tag.applicationPanSequenceNumber];

const FOR_THE_ISSUER = [
  tag.applicationCryptogram,
  tag.cryptogramInformationData,
  tag.issuerApplicationData,
  tag.applicationTransactionCounter,
  tag.applicationInterchangeProfile,
  tag.unpredictableNumber,
];
