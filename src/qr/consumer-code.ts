import { concat, equal, startsWith } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv, isConstructed, parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** One data object of a consumer-presented code: a value, or a template of others. */
export type ConsumerObject =
  | { readonly tag: number; readonly value: Uint8Array }
  | { readonly tag: number; readonly objects: readonly ConsumerObject[] };

/** One way to pay that the code offers (61). */
export interface ConsumerApplication {
  /** 4F. */
  readonly aid: Uint8Array;
  /** Its primitive objects by tag: its own, those of 63, those common to all (62) and of 64. */
  readonly data: ReadonlyMap<number, Uint8Array>;
}

/** A consumer-presented code, taken apart. */
export interface ConsumerCode {
  readonly objects: readonly ConsumerObject[];
  /** In the order of the code, which is the shopper's. Never empty. */
  readonly applications: readonly ConsumerApplication[];
}

/** The longest code in characters. */
export const LONGEST_CONSUMER_CODE = 512;

/**
 * Takes a consumer-presented code apart (EMVCo QRCPS CPM): Base64 of BER-TLV. Refused are: what
 * doesn't begin with 85 "CPV01", no application template (61), one without an AID (4F), two common
 * templates (62), a tag that stands twice where one application would find both.
 * Offsets are in bytes of the TLV, or under "Base64" in characters.
 */
export const decodeConsumerCode = (text: string): ConsumerCode | Malformed => {
  if (text.length > LONGEST_CONSUMER_CODE) {
    const problem = `${text.length} characters: at most ${LONGEST_CONSUMER_CODE} are allowed`;
    return malformed(['Base64'], LONGEST_CONSUMER_CODE, problem);
  }
  const bytes = fromBase64(text);
  if (isMalformed(bytes)) return bytes;
  const objects = parseTlvs(bytes);
  return isMalformed(objects) ? objects : codeOf(objects, bytes.length);
};

/** The text of a code of these objects, with padding, or why it would be refused. */
export const encodeConsumerCode = (objects: readonly ConsumerObject[]): string | Malformed => {
  const text = toBase64(writeConsumerObjects(objects));
  const decoded = decodeConsumerCode(text);
  return isMalformed(decoded) ? decoded : text;
};

/** BER-TLV of objects side by side, lengths in their shortest form. */
export const writeConsumerObjects = (objects: readonly ConsumerObject[]): Uint8Array =>
  concat(
    ...objects.map((object) =>
      encodeTlv(
        object.tag,
        'objects' in object ? writeConsumerObjects(object.objects) : object.value,
      ),
    ),
  );

/** Whether a text means to be a consumer-presented code, sound or not: 85 05 "CPV". */
export const looksLikeConsumerCode = (text: string): boolean => text.startsWith('hQVDUFYw');

/**
 * The first application, in the shopper's order, that the terminal supports.
 * @param supported AIDs; one that the code's begins with is enough, as in partial selection
 */
export const chooseApplication = (
  { applications }: ConsumerCode,
  supported: readonly Uint8Array[],
): ConsumerApplication | undefined =>
  applications.find(({ aid }) => supported.some((one) => one.length > 0 && startsWith(aid, one)));

/** "CPV01". */
export const CONSUMER_FORMAT = Uint8Array.of(0x43, 0x50, 0x56, 0x30, 0x31);

const codeOf = (found: readonly Tlv[], length: number): ConsumerCode | Malformed => {
  const problem = orderProblem(found, length);
  if (problem !== undefined) return problem;
  const common = found.find((one) => one.tag === tag.cpmCommonDataTemplate);
  const shared = common === undefined ? [] : primitives(common);
  if (isMalformed(shared)) return shared;
  const applications: ConsumerApplication[] = [];
  for (const one of found) {
    if (one.tag !== tag.applicationTemplateDirectoryEntry) continue;
    const application = applicationOf(one, shared);
    if (isMalformed(application)) return application;
    applications.push(application);
  }
  const objects = objectsOf(found, []);
  return isMalformed(objects) ? objects : { objects, applications };
};

const orderProblem = (found: readonly Tlv[], length: number): Malformed | undefined => {
  const [first] = found;
  const format = tagText(tag.cpmPayloadFormatIndicator);
  if (first?.tag !== tag.cpmPayloadFormatIndicator) {
    return malformed([format], first?.offset ?? 0, 'must come first');
  }
  const { value, valueOffset } = first;
  if (!equal(value, CONSUMER_FORMAT)) return malformed([format], valueOffset, 'is not CPV01');
  for (const once of [tag.cpmPayloadFormatIndicator, tag.cpmCommonDataTemplate]) {
    const [, second] = found.filter((one) => one.tag === once);
    if (second) return malformed([tagText(once)], second.offset, 'stands twice');
  }
  return found.some((one) => one.tag === tag.applicationTemplateDirectoryEntry)
    ? undefined
    : malformed([tagText(tag.applicationTemplateDirectoryEntry)], length, 'is missing');
};

const applicationOf = (
  template: Tlv,
  shared: readonly Found[],
): ConsumerApplication | Malformed => {
  const own = primitives(template);
  if (isMalformed(own)) return own;
  const data = new Map<number, Uint8Array>();
  for (const { path, object } of [...own, ...shared]) {
    // Nobody could say which of them the cryptogram covers.
    if (data.has(object.tag)) return malformed(path, object.offset, 'stands twice');
    data.set(object.tag, object.value);
  }
  const path = [tagText(template.tag), tagText(tag.adfNameDirectoryAid)];
  const name = path.join();
  const aid = own.find((one) => one.path.join() === name)?.object.value;
  if (aid === undefined) return malformed(path, template.valueOffset, 'is missing');
  if (aid.length < 5 || aid.length > 16) {
    return malformed(path, template.valueOffset, `${aid.length} bytes instead of 5 to 16`);
  }
  return { aid, data };
};

interface Found {
  readonly path: readonly string[];
  readonly object: Tlv;
}

// What stands in a template and in those inside it: 63 in 61, 64 in 62.
const primitives = (template: Tlv, path: readonly string[] = []): Found[] | Malformed => {
  const inside = [...path, tagText(template.tag)];
  const objects = parseTlvs(template.value, template.valueOffset, inside);
  if (isMalformed(objects)) return objects;
  const found: Found[] = [];
  for (const object of objects) {
    if (!isConstructed(object.tag)) {
      found.push({ path: [...inside, tagText(object.tag)], object });
      continue;
    }
    const inner = primitives(object, inside);
    if (isMalformed(inner)) return inner;
    found.push(...inner);
  }
  return found;
};

const objectsOf = (
  found: readonly Tlv[],
  path: readonly string[],
): ConsumerObject[] | Malformed => {
  const objects: ConsumerObject[] = [];
  for (const one of found) {
    if (!isConstructed(one.tag)) {
      objects.push({ tag: one.tag, value: one.value });
      continue;
    }
    const inside = [...path, tagText(one.tag)];
    const inner = parseTlvs(one.value, one.valueOffset, inside);
    const nested = isMalformed(inner) ? inner : objectsOf(inner, inside);
    if (isMalformed(nested)) return nested;
    objects.push({ tag: one.tag, objects: nested });
  }
  return objects;
};
