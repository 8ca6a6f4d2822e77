/** Puts values into a sentence of the table: "{count} payments". */
export const fill = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

/** The words of a table, or the name itself where it has none. */
export const wordsOf = (table: Readonly<Record<string, string>>, name: string): string =>
  table[name] ?? name;
