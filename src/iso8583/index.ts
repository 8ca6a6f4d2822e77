/** ISO 8583 messages: what is in them, and the bytes that a host's dialect makes of it. Pure. */
export { fromAscii, toAscii } from './ascii.ts';
export { type Codec, createCodec, type Profile } from './codec.ts';
export type { FieldValue } from './content.ts';
export { decode } from './decode.ts';
export { type AccountData, describe } from './describe.ts';
export { type Dialect, type DialectName, dialects, type Version } from './dialects.ts';
export { fromEdition, toEdition } from './editions.ts';
export { encode } from './encode.ts';
export { type Field, fieldName } from './field.ts';
export {
  createFramer,
  type Framer,
  type FramingOptions,
  frame,
  MAX_MESSAGE,
  type Split,
  split,
  swapped,
  type Tpdu,
} from './frames.ts';
export { iccData } from './icc-data.ts';
export { type LengthHeader, lengthHeaders } from './length-headers.ts';
export { type Authenticated, macInput, splitMac, withMac } from './mac.ts';
export { binary, type Message, text } from './message.ts';
