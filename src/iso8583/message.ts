import type { FieldValue } from './content.ts';

/**
 * One ISO 8583 message. Values: digits and text as strings without padding by the codec (fixed
 * fields have their full length), track 2 with '=', `b` fields as bytes. DE 1 isn't among the
 * fields: it follows from them.
 */
export interface Message {
  /** Four digits: version, class, function, origin. */
  readonly mti: string;
  readonly fields: ReadonlyMap<number, FieldValue>;
}

/** A field's value when it is text; undefined when it is absent. */
export const text = (message: Message, number: number): string | undefined => {
  const value = message.fields.get(number);
  return typeof value === 'string' ? value : undefined;
};

/** A field's value when it is bytes; undefined when it is absent. */
export const binary = (message: Message, number: number): Uint8Array | undefined => {
  const value = message.fields.get(number);
  return typeof value === 'string' ? undefined : value;
};
