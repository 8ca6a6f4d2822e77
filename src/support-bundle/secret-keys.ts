// table: keys of terminal.json whose values stay in the shop.

import type { Json, JsonObject } from '#ports/journal.ts';

/** By name, wherever they stand. Most are paths; where a secret lies is nobody's business, too. */
// biome-ignore format: a row stays on its line
export const SECRET_KEYS: readonly { readonly key: RegExp; readonly why: string }[] = [
  { key: /^(?:app)?privateKey$/i, why: 'where a private key lies' },
  { key: /^tokenFile$/, why: "where the relay's token lies" },
  { key: /^pinFile$/, why: "where the security module's PIN lies" },
  { key: /^keyId$/, why: "which key the wallet's host knows the shop by" },
  { key: /secret|passw|passphrase|credential|token|private/i, why: 'named like a secret' },
  { key: /^pins?$|^pin(?:Block|Data)/i, why: 'named like a PIN' },
];

export const LEFT_OUT = '(left out)';

/** A configuration with everything left out that the table names. */
export const withoutSecrets = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [
      key,
      isSecret(key) && typeof inner !== 'boolean' ? LEFT_OUT : withoutSecrets(inner),
    ]),
  );
};

const isSecret = (name: string): boolean => SECRET_KEYS.some(({ key }) => key.test(name));
