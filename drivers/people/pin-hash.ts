import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { damage } from './troubles.ts';

/** What one guess costs whoever has the database. RFC 9106. */
export interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's password storage cheat sheet, its first choice but for memory. */
export const COST: Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** A PIN's hash with all it takes to compute it again. */
export interface PinHash {
  readonly cost: Cost;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Argon2id on a thread of its own: the event loop goes on meanwhile. */
export const hashPin = async (pin: string, cost: Cost): Promise<PinHash> => {
  const salt = randomBytes(SALT_BYTES);
  return { cost, salt, hash: await compute(pin, cost, salt, HASH_BYTES) };
};

export const isPin = async (pin: string, { cost, salt, hash }: PinHash): Promise<boolean> =>
  timingSafeEqual(await compute(pin, cost, salt, hash.length), hash);

/** A hash that no PIN has, at the same cost: what a name that isn't there is compared with. */
export const nobodysHash = (cost: Cost): PinHash => ({
  cost,
  salt: randomBytes(SALT_BYTES),
  hash: randomBytes(HASH_BYTES),
});

/** Whether it was made when guesses were to cost less. */
export const isWeaker = (cost: Cost, wanted: Cost): boolean =>
  cost.memoryKiB < wanted.memoryKiB || cost.passes < wanted.passes || cost.lanes < wanted.lanes;

/** "$argon2id$v=19$m=19456,t=2,p=1$salt$hash", base64 without padding: the PHC string format. */
export const hashText = ({ cost, salt, hash }: PinHash): string => {
  const { memoryKiB, passes, lanes } = cost;
  const parts = [salt, hash].map((part) => Buffer.from(part).toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${parts.join('$')}`;
};

/** @throws damage, for what isn't one, or would take more memory or time than there is */
export const hashFrom = (text: string): PinHash => {
  const [, m = '', t = '', p = '', salt = '', hash = ''] = PHC.exec(text) ?? [];
  const cost = { memoryKiB: Number(m), passes: Number(t), lanes: Number(p) };
  const { memoryKiB, passes, lanes } = cost;
  const known = { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  const sound =
    memoryKiB >= 8 * lanes &&
    memoryKiB <= MOST_KIB &&
    passes >= 1 &&
    passes <= MOST_PASSES &&
    lanes >= 1 &&
    known.salt.length >= 8 &&
    known.hash.length >= 16;
  if (!sound) throw damage('a PIN is not kept as it should be');
  return known;
};

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MOST_KIB = 262_144;
const MOST_PASSES = 20;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d)\$([\w+/]{11,86})\$([\w+/]{22,86})$/;

const compute = (pin: string, cost: Cost, nonce: Uint8Array, tagLength: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { memoryKiB: memory, passes, lanes: parallelism } = cost;
    const parameters = { message: pin, nonce, parallelism, tagLength, memory, passes };
    argon2('argon2id', parameters, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
