import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, rawOf } from '#tlv/tlv.ts';
import { type OdaFailure, odaFailure } from './failure.ts';

/** A record that the application file locator counts among those to be authenticated. */
export interface SignedRecord {
  /** Short file identifier, 1 to 30. */
  readonly sfi: number;
  /** The answer to READ RECORD without its status word, as received. */
  readonly body: Uint8Array;
}

/**
 * Static Data to be Authenticated, Book 3 §10.3.
 * @param records in the order of the application file locator
 * @param aip 82, which is appended if the tag list asks for it
 * @param tagList 9F4A, if the card has one: it must consist of 82 alone
 */
export const staticDataToAuthenticate = (
  records: readonly SignedRecord[],
  aip: Uint8Array | undefined,
  tagList: Uint8Array | undefined,
): Uint8Array | OdaFailure => {
  const parts: Uint8Array[] = [];
  for (const record of records) {
    const part = signedPart(record);
    if ('odaFailure' in part) return part;
    parts.push(part);
  }
  if (tagList === undefined) return concat(...parts);
  if (tagList.length !== 1 || tagList[0] !== tag.applicationInterchangeProfile) {
    return odaFailure('wrong', tag.staticDataAuthenticationTagList, 'asks for more than the AIP');
  }
  if (aip === undefined || aip.length === 0) {
    return odaFailure('dataMissing', tag.applicationInterchangeProfile, 'is to be authenticated');
  }
  return concat(...parts, aip);
};

// Files 1 to 10 are the books' own: the value of template 70. Files 11 to 30 belong to scheme and
// issuer: the whole record, which must be a template 70 all the same.
const signedPart = ({ sfi, body }: SignedRecord): Uint8Array | OdaFailure => {
  const objects = parseTlvs(body);
  const sole = isMalformed(objects) || objects.length !== 1 ? undefined : objects[0];
  if (sole === undefined || sole.offset !== 0 || sole.tag !== tag.readRecordResponseTemplate) {
    const problem = `a record of file ${sfi} is no template 70`;
    return odaFailure('wrong', tag.readRecordResponseTemplate, problem);
  }
  return sfi <= 10 ? sole.value : rawOf(sole);
};
