import { describe, expect, it } from 'vitest';
import { layoutOf, layouts, structures } from '#data/bits.ts';
import { element } from '#data/dictionary.ts';
import { elements } from '#data/elements.ts';
import type { Part } from '#data/layout.ts';

describe('the tables of bits', () => {
  it('name elements of the dictionary, and every element for a book that knows it', () => {
    expect(layouts.length).toBeGreaterThanOrEqual(55);
    for (const layout of layouts) {
      for (const name of layout.elements) {
        expect(elements[name], name).toBeDefined();
      }
    }
  });

  it('stay within the length of the element', () => {
    for (const layout of layouts) {
      for (const name of layout.elements) {
        const { max } = element(name);
        for (const part of layout.parts) {
          if (max !== null)
            expect(lastByte(part), `${name}: ${part.name}`).toBeLessThanOrEqual(max);
        }
      }
    }
  });

  it('give no bit two meanings in one book', () => {
    for (const { parts, books, elements: names } of [...layouts, ...Object.values(structures)]) {
      for (const book of books) {
        const seen = new Set<string>();
        const own = parts.filter((part) => part.books?.has(book));
        for (const part of parts) {
          if (part.books !== undefined && !part.books.has(book)) continue;
          for (const bit of bitsOf(part)) {
            if (part.books === undefined && own.some((one) => bitsOf(one).includes(bit))) continue;
            expect(seen, `${names.join()} ${book} ${part.name}`).not.toContain(bit);
            seen.add(bit);
          }
        }
      }
    }
  });

  it('know the bits of the terminal transaction qualifiers in kernel 3', () => {
    const layout = layoutOf(element('terminalTransactionQualifiers'), 'K3');
    const named = layout?.parts.flatMap((part) =>
      part.kind === 'flag' && (part.books?.has('K3') ?? true) ? [`${part.byte}.${part.bit}`] : [],
    );
    expect(named?.join(' ')).toBe('1.8 1.6 1.5 1.4 1.3 1.2 1.1 2.8 2.7 2.6 3.8 3.7');
  });

  it('read the same profile in each kernel its own way', () => {
    const row = element('applicationInterchangeProfile');
    const names = (['K2', 'K3', 'K8'] as const).map(
      (book) => layoutOf(row, book)?.parts.find((part) => part.byte === 2)?.name,
    );
    expect(names).toEqual(['EMV mode supported', 'Mag-stripe mode (must be 0)', 'Offline capable']);
  });
});

const lastByte = (part: Part): number =>
  part.kind === 'span' && part.length !== 'rest' ? part.byte + part.length - 1 : part.byte;

const bitsOf = (part: Part): string[] => {
  if (part.kind === 'flag') return [`${part.byte}.${part.bit}`];
  if (part.kind === 'span') {
    const length = part.length === 'rest' ? 1 : part.length;
    return Array.from({ length }, (_, index) => `${part.byte + index}.8`);
  }
  return Array.from({ length: part.high - part.low + 1 }, (_, i) => `${part.byte}.${part.low + i}`);
};
