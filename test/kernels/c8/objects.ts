import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { encodeTlv } from '#tlv/tlv.ts';

export const AID = hex('F04354415008');
export const RID = AID.subarray(0, 5);
export const INDEX = 0xe0;

/** Data objects as hexadecimal; undefined takes one away. */
export type Objects = Readonly<Record<string, string | undefined>>;

export const tlvs = (objects: Objects): Uint8Array =>
  concat(
    ...Object.entries(objects).flatMap(([tag, value]) =>
      value === undefined ? [] : [encodeTlv(Number.parseInt(tag, 16), hex(value))],
    ),
  );

/** An answer with status word 9000: a template around objects or bytes. */
export const answer = (template: number, content: Objects | Uint8Array): Uint8Array =>
  concat(encodeTlv(template, content instanceof Uint8Array ? content : tlvs(content)), hex('9000'));

export const LABEL = '4B45524E454C2038';

/** 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 9F1D 9F33 9F35 9F810C. */
export const CDOL1 = '9F02069F03069F1A0295055F2A029A039C019F37049F1D089F33039F35019F810C02';
