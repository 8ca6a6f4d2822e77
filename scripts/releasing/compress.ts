/**
 * Packs a file by zstd: node compress.ts FROM TO [LEVEL]
 * A process of its own, so that it can be another Node than the one that makes the release: with
 * the Node comes the zstd, and another one packs the same into other bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';

/** Higher ones take twice as long for a hundredth less. */
const LEVEL = 9;

const [from = '', to = '', level = LEVEL] = process.argv.slice(2);
const params = {
  [constants.ZSTD_c_compressionLevel]: Number(level),
  [constants.ZSTD_c_checksumFlag]: 1,
  // Several threads cut the contents where it suits them.
  [constants.ZSTD_c_nbWorkers]: 0,
};
writeFileSync(to, zstdCompressSync(readFileSync(from), { params }), { mode: 0o644 });
