import { type CommandApdu, sendPoiInformation } from '#apdu/command.ts';
import { concat, equal } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { dolValues } from '#kernels/shared/dol-values.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import { type DolEntry, parseDol } from '#tlv/dol.ts';
import type { PoiInformation } from './configuration.ts';
import { issuerDiscretionaryData } from './fci.ts';

/**
 * SEND POI INFORMATION, Book B 3.3.2 step 1a: what the card's directory asks of a point of
 * interaction that has the feature switched on. Undefined: nothing is asked, so nothing is sent.
 * @param fci the answer to SELECT PPSE
 * @param data terminal and transaction data, for the SDOL
 */
export const poiCommand = (
  fci: Uint8Array,
  poi: PoiInformation,
  data: DataMap,
): CommandApdu | undefined => {
  const objects = issuerDiscretionaryData(fci);
  if (isMalformed(objects)) return undefined;
  const find = (wanted: number) => objects.find((object) => object.tag === wanted)?.value;
  const wanted = selectionDol(find(tag.selectionDataObjectListSdol));
  const category = commonCategory(find(tag.terminalCategoriesSupportedList), poi);
  if (wanted === undefined && category === undefined) return undefined;
  const items = category === undefined ? NOTHING : poiItems(category, poi);
  const values = dolValues(wanted ?? [], 'EP', (one) =>
    one === tag.poiInformation ? items : data.get(one),
  );
  const content = concat(values, items);
  // Over 252 bytes there is no room for template 83 in a short command: as if nothing were asked.
  return content.length > 252 ? undefined : sendPoiInformation(content);
};

const NOTHING = new Uint8Array(0);

// A malformed 9F3F is discarded. Book B 3.3.2
const selectionDol = (value: Uint8Array | undefined): readonly DolEntry[] | undefined => {
  const entries = value === undefined || value.length === 0 ? undefined : parseDol(value);
  return entries === undefined || isMalformed(entries) ? undefined : entries;
};

// 9F3E lists Terminal Categories of two bytes each; any other length is discarded.
const commonCategory = (
  listed: Uint8Array | undefined,
  { terminalCategory }: PoiInformation,
): Uint8Array | undefined => {
  if (listed === undefined || listed.length % 2 !== 0 || terminalCategory === undefined) {
    return undefined;
  }
  for (let at = 0; at < listed.length; at += 2) {
    if (equal(listed.subarray(at, at + 2), terminalCategory)) return terminalCategory;
  }
  return undefined;
};

// Identifier in two bytes, length in one: the category (0001) goes first, all others behind it.
const poiItems = (category: Uint8Array, { items }: PoiInformation): Uint8Array =>
  concat(
    Uint8Array.of(0x00, 0x01, category.length),
    category,
    ...items.flatMap(({ id, value }) => [Uint8Array.of(id >> 8, id & 255, value.length), value]),
  );
