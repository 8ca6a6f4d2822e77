import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTagList } from '#tlv/dol.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { type CardCertificates, certifyEccCard, simulatedEccKey } from '../../issuer/ecc.ts';
import type { EccKey } from '../../issuer/ecc-keys.ts';
import type { Issuer } from '../../issuer/index.ts';
import type { ApplicationFile, CardFileProblem } from '../card-file.ts';
import { isCardFileProblem } from '../card-file.ts';
import { recordKey } from '../file-locator.ts';
import { type Elements, staticData } from '../layout.ts';

/** What a card of kernel 8 has besides its elements. */
export interface ChannelPersonalisation {
  readonly key: EccKey;
  /** What the card's hash and its certificate cover: signed records, more elements, the AIP. */
  readonly staticData: Uint8Array;
  /** Records that go over the channel, by `recordKey`. */
  readonly encrypted: ReadonlySet<number>;
  readonly flaw: NonNullable<ApplicationFile['channel']>['flaw'];
}

/**
 * Key, certificates and static data of a card for kernel 8; all is made of its account number, so
 * that no file has to hold it.
 */
export const personaliseChannel = (
  file: ApplicationFile,
  issuer: Issuer,
  elements: Elements,
): (ChannelPersonalisation & { readonly certificates: CardCertificates }) | CardFileProblem => {
  const { channel } = file;
  if (channel === undefined) return { problem: 'channel: expected for the profile "c8"' };
  const data = coveredData(file, elements);
  if (isCardFileProblem(data)) return data;
  const key = simulatedEccKey(`card ${file.account.pan}`);
  // A copy has the certificate of another card: it doesn't know the key in it.
  const certified = channel.flaw === 'key' ? simulatedEccKey(`not ${file.account.pan}`) : key;
  const altered = Uint8Array.from(data);
  if (channel.flaw === 'certificate') altered[0] = (altered[0] ?? 0) ^ 0x01;
  return {
    key,
    staticData: data,
    encrypted: new Set(
      file.records.filter((one) => one.encrypted).map((one) => recordKey(one.sfi, one.record)),
    ),
    flaw: channel.flaw,
    certificates: certifyEccCard({
      issuer,
      issuerKeyName: channel.issuerKey,
      cardKey: certified,
      staticData: altered,
    }),
  };
};

const coveredData = (file: ApplicationFile, elements: Elements): Uint8Array | CardFileProblem => {
  const records = staticData(file, elements);
  if (isCardFileProblem(records)) return records;
  const list = parseTagList(elements.get(tag.extendedSdaTagList) ?? NOTHING);
  if (isMalformed(list)) return { problem: 'elements.extendedSdaTagList: expected tags' };
  return concat(
    records,
    ...list.map((one) => encodeTlv(one, elements.get(one) ?? NOTHING)),
    elements.get(tag.applicationInterchangeProfile) ?? NOTHING,
  );
};

const NOTHING = new Uint8Array();
