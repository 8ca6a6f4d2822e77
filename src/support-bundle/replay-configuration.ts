import type { Json, JsonObject } from '#ports/journal.ts';

/** Of terminal.json, what decides how a tap goes. Nothing of host, tills, wallets or devices. */
const SECTIONS = ['merchant', 'terminal', 'caPublicKeys', 'reader', 'payment'] as const;

/** A terminal.json for `countertap replay` elsewhere: the same kernels, no outside world. */
export const replayTerminal = (terminal: JsonObject): JsonObject => ({
  ...Object.fromEntries(
    SECTIONS.flatMap((name) => (name in terminal ? [[name, terminal[name] as Json]] : [])),
  ),
  display: { host: '127.0.0.1', port: 8080 },
  host: {
    answerWithinSeconds: 15,
    echoAfterSeconds: 60,
    connection: { kind: 'simulated' },
  },
});

/**
 * Values of the terminal's own data elements that are text written in hexadecimal, such as its
 * identification (9F1C): sixteen digits that are no account number.
 */
export const ownWords = (terminal: JsonObject): ReadonlySet<string> => {
  const section = terminal['terminal'];
  const data = isObject(section) ? section['data'] : undefined;
  if (!isObject(data)) return new Set();
  const texts = Object.entries(data).filter(([tag]) => TEXT_TAGS.has(tag.toUpperCase()));
  return new Set(texts.map(([, value]) => String(value)).filter(isPrintable));
};

/** Terminal and merchant identification, serial number, name and location. Book 4 Annex A */
const TEXT_TAGS: ReadonlySet<string> = new Set(['9F1C', '9F16', '9F1E', '9F4E']);

const isPrintable = (hexadecimal: string): boolean =>
  /^(?:[2-7][0-9A-F])+$/i.test(hexadecimal) && !hexadecimal.includes('7F');

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
