import * as v from 'valibot';
import { hexBytes } from './pieces.ts';
import type { ConfigProblem } from './problem.ts';
import { type ConfigFile, readConfig } from './read.ts';

/** One revoked issuer certificate, Book 2 §5.1.2: CA key by RID and index, and serial number. */
const row = v.strictObject({
  rid: hexBytes(5, 5),
  index: v.pipe(
    hexBytes(1, 1),
    v.transform(([byte = 0]) => byte),
  ),
  serial: hexBytes(3, 3),
});

const schema = v.array(row, 'a list of revoked issuer certificates');

export type RevokedCertificateRow = v.InferOutput<typeof row>;

export const parseRevokedCertificates = (
  file: ConfigFile,
): readonly RevokedCertificateRow[] | ConfigProblem => readConfig(file, schema);
