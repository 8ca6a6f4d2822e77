import * as v from 'valibot';
import { dataElements, flag, hexBytes, minorUnits, wholeNumber } from './pieces.ts';
import type { ConfigProblem } from './problem.ts';
import { type ConfigFile, readConfig } from './read.ts';

const hexText = (pattern: RegExp, what: string) => v.pipe(v.string(what), v.regex(pattern, what));

// What is left out is as the kernel ships.
const kernel3 = v.strictObject({
  fddaForOnline: v.exactOptional(flag),
  usageControlForCash: v.exactOptional(flag),
  usageControlForCashback: v.exactOptional(flag),
  exceptionFileCheck: v.exactOptional(flag),
  showOfflineBalance: v.exactOptional(flag),
});

const kernel6 = v.strictObject({ deferredAuthorisation: v.exactOptional(flag) });

const kernel7 = v.strictObject({ transitReader: v.exactOptional(flag) });

const kernel4 = v.strictObject({ unableToGoOnline: v.exactOptional(flag) });

const percent = wholeNumber(0, 99, 'a percentage');

const kernel5 = v.strictObject({
  offlineDataAuthentication: v.exactOptional(flag),
  exceptionFileCheck: v.exactOptional(flag),
  randomSelection: v.exactOptional(
    v.strictObject({
      threshold: minorUnits,
      targetPercentage: percent,
      maximumTargetPercentage: percent,
    }),
  ),
  legacyMode: v.exactOptional(flag),
  transactionLimit: v.exactOptional(minorUnits),
  cdcvmTransactionLimit: v.exactOptional(minorUnits),
  floorLimit: v.exactOptional(minorUnits),
  actionCodeDenial: v.exactOptional(hexBytes(5, 5)),
  actionCodeOnline: v.exactOptional(hexBytes(5, 5)),
  actionCodeDefault: v.exactOptional(hexBytes(5, 5)),
  removalTimeoutMs: v.exactOptional(wholeNumber(0, 60_000, 'milliseconds')),
});

// Absent means "not configured", which Book B treats differently from zero and false.
const set = v.strictObject({
  transactionTypes: v.pipe(
    v.array(hexText(/^[0-9]{2}$/, 'a transaction type (9C) such as "00"')),
    v.minLength(1, 'at least one transaction type'),
  ),
  combinations: v.pipe(
    v.array(
      v.strictObject({
        aid: hexBytes(5, 16),
        kernelId: hexText(/^([0-9A-F]{2}){1,8}$/, 'a kernel id such as "03"'),
      }),
    ),
    v.minLength(1, 'at least one combination'),
  ),
  statusCheck: v.optional(flag),
  zeroAmountAllowed: v.optional(flag),
  zeroAmountForOfflineAllowed: v.optional(flag),
  extendedSelection: v.optional(flag),
  readerContactlessTransactionLimit: v.optional(minorUnits),
  readerContactlessFloorLimit: v.optional(minorUnits),
  terminalFloorLimit: v.optional(minorUnits),
  readerCvmRequiredLimit: v.optional(minorUnits),
  ttq: v.optional(hexBytes(4, 4)),
  kernel3: v.exactOptional(kernel3),
  kernel4: v.exactOptional(kernel4),
  kernel5: v.exactOptional(kernel5),
  kernel6: v.exactOptional(kernel6),
  kernel7: v.exactOptional(kernel7),
  data: v.optional(dataElements, {}),
});

// Without any, nothing could ever be paid.
const schema = v.pipe(
  v.array(set, 'a list of combination sets'),
  v.minLength(1, 'at least one combination set'),
);

/** config/NAME/combinations.json: what is taken, by which kernel, within which limits. */
export type CombinationSet = v.InferOutput<typeof schema>[number];

export const parseCombinationSets = (file: ConfigFile): readonly CombinationSet[] | ConfigProblem =>
  readConfig(file, schema);
