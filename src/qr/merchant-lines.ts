import type { Sensitivity } from '#data/dictionary.ts';
import { maskPan } from '#data/mask.ts';
import { type CodeObject, charactersOf } from './code-object.ts';
import {
  MERCHANT_LEVEL,
  MERCHANT_MEANINGS,
  type MerchantRow,
  merchantRow,
} from './merchant-table.ts';

/** One object as people may see it. */
export interface MerchantLine {
  readonly id: string;
  readonly title: string | undefined;
  /** What its sensitivity leaves of it; undefined for a template. */
  readonly value: string | undefined;
  /** What the value means, where it is one of a few. */
  readonly meaning: string | undefined;
  /** Whether the value isn't all there is. */
  readonly masked: boolean;
  readonly objects: readonly MerchantLine[];
}

/** Every object of a code, masked by the table's sensitivity. */
export const merchantLines = (
  objects: readonly CodeObject[],
  rows: readonly MerchantRow[] = MERCHANT_LEVEL,
): readonly MerchantLine[] =>
  objects.map((object) => {
    const { id } = object;
    const row = merchantRow(rows, id);
    const meaning =
      rows === MERCHANT_LEVEL && 'value' in object
        ? MERCHANT_MEANINGS[id]?.[object.value]
        : undefined;
    const head = { id, title: row?.title, meaning };
    if ('objects' in object) {
      const inner = merchantLines(object.objects, row?.rows ?? []);
      return { ...head, value: undefined, masked: false, objects: inner };
    }
    const value = masked(object.value, row?.sensitivity ?? 'open');
    return { ...head, value, masked: value !== object.value, objects: [] };
  });

// "***" asks for something and tells nothing.
const masked = (value: string, sensitivity: Sensitivity): string => {
  if (value === '***') return value;
  switch (sensitivity) {
    case 'open':
      return value;
    case 'account':
      return value.replaceAll(/[0-9]{8,}/g, maskPan);
    case 'enclosed':
    case 'personal':
      return `(${charactersOf(value).length} characters)`;
    case 'secret':
      return '(hidden)';
  }
};
