/**
 * Sorts a collection of certification authority public keys into config/ca-public-keys/live.json
 * and test.json: `node scripts/import-ca-public-keys.ts FILE`. README.md there states the rules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';

interface CollectedKey {
  readonly rid: string;
  readonly index: string;
  readonly exponent: string;
  readonly modulus: string;
  readonly bits: number;
  readonly sha1: string;
  readonly publishedSha1Matches: boolean;
  readonly environment: 'live' | 'test' | 'unstated';
  readonly scheme: string;
  readonly independentSources: number;
}

const FOLDER = join(import.meta.dirname, '..', 'config', 'ca-public-keys');

const main = (path: string): void => {
  const collected: { keys: CollectedKey[] } = JSON.parse(readFileSync(path, 'utf8'));
  const sound = collected.keys.filter(isSound).map(withKnownEnvironment);
  const live = sound.filter(({ environment }) => environment === 'live');
  // Some keys stand under a second RID too, where no source says what they are.
  const moduli = new Set(live.map(({ modulus }) => modulus));
  write('live', oneEach(live));
  write('test', oneEach(sound.filter(({ modulus }) => !moduli.has(modulus))));
};

// Of these no source of the collection says what they are. Others do: the list that UnionPay's own
// host gives to terminals in use (JCB 09 to 14, UnionPay 01 to 04; a processor's notes of 2015),
// and a gateway's notice that Discover 03 and JCB 10 leave terminals in production with 2017;
// terminals carry Discover 04 and 05 beside it. Laboratories are told to use UnionPay 08 to 0B.
const CALLED_LIVE: Readonly<Record<string, readonly string[]>> = {
  A000000065: ['09', '10', '12', '14'],
  A000000152: ['03', '04', '05'],
  A000000333: ['01', '02', '03', '04'],
};

const withKnownEnvironment = (key: CollectedKey): CollectedKey =>
  key.environment === 'unstated' && CALLED_LIVE[key.rid]?.includes(key.index)
    ? { ...key, environment: 'live' }
    : key;

const isSound = ({ publishedSha1Matches, independentSources, bits }: CollectedKey): boolean =>
  (publishedSha1Matches || independentSources >= 2) && bits >= 512 && bits <= 1984;

// A key whose environment is stated beats one whose isn't; then the one that more sources carry. A
// draw leaves both out.
const oneEach = (keys: readonly CollectedKey[]): CollectedKey[] => {
  const byName = Map.groupBy(keys, ({ rid, index }) => `${rid} ${index}`);
  return [...byName].flatMap(([name, rivals]) => {
    const ranked = rivals.toSorted((a, b) => weight(b) - weight(a));
    const [best, second] = ranked;
    if (best === undefined) return [];
    if (second === undefined) return [best];
    const draw = weight(best) === weight(second);
    stdout.write(`${name} stands ${rivals.length} times: ${draw ? 'left out' : described(best)}\n`);
    return draw ? [] : [best];
  });
};

const weight = ({ environment, independentSources }: CollectedKey): number =>
  (environment === 'unstated' ? 0 : 1000) + independentSources;

const described = ({ bits, environment, independentSources }: CollectedKey): string =>
  `the ${environment} one of ${bits} bits with ${independentSources} sources`;

// EMVCo ends the life of a key length for all schemes at once. 1984 bits have no end yet.
const EXPIRES = new Map([
  [1024, '2009-12-31'],
  [1152, '2017-12-31'],
  [1408, '2024-12-31'],
]);

const write = (environment: 'live' | 'test', keys: readonly CollectedKey[]): void => {
  const rows = keys.map((key) => {
    const expires = environment === 'live' ? EXPIRES.get(key.bits) : undefined;
    return {
      scheme: key.scheme || 'unnamed',
      rid: key.rid,
      index: key.index,
      exponent: key.exponent,
      modulus: key.modulus,
      ...(key.publishedSha1Matches ? { checksum: key.sha1 } : {}),
      ...(expires === undefined ? {} : { expires }),
      sources: key.independentSources,
    };
  });
  writeFileSync(join(FOLDER, `${environment}.json`), `${JSON.stringify(rows, null, 2)}\n`);
  stdout.write(`${environment}.json: ${rows.length} keys\n`);
};

const [, , path] = argv;
if (path === undefined) {
  stderr.write('usage: node scripts/import-ca-public-keys.ts FILE\n');
  exit(2);
}
main(path);
