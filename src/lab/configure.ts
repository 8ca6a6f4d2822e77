import * as v from 'valibot';
import { toHex } from '#bytes/hex.ts';
import { isConfigProblem } from '#config/problem.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { clockDigits } from '#contactless/transaction-data.ts';
import { rsaPublicKey } from '#crypto/rsa.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { Authentication, Kernel, KernelRegistry } from '#kernels/shared/kernel.ts';
import { testKernel } from '#kernels/shared/step.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import { isLabError, type LabError, labError } from './lab-error.ts';
import {
  amount,
  checked,
  dataElements,
  flag,
  hexBytes,
  kernelId,
  transactionType,
} from './pieces.ts';

const indicators = v.strictObject({
  statusCheckRequested: v.optional(flag),
  contactlessApplicationNotAllowed: v.optional(flag),
  zeroAmount: v.optional(flag),
  readerCvmRequiredLimitExceeded: v.optional(flag),
  readerContactlessFloorLimitExceeded: v.optional(flag),
  ttq: v.optional(hexBytes(4, 4)),
});

// Absent means "not configured", which Book B treats differently from zero and false.
const combinationSet = v.strictObject({
  transactionTypes: v.array(transactionType, 'a list of transaction types'),
  combinations: v.array(v.strictObject({ aid: hexBytes(5, 16), kernelId }), 'a list'),
  statusCheck: v.optional(flag),
  zeroAmountAllowed: v.optional(flag),
  zeroAmountForOfflineAllowed: v.optional(flag),
  extendedSelection: v.optional(flag),
  readerContactlessTransactionLimit: v.optional(amount),
  readerContactlessFloorLimit: v.optional(amount),
  terminalFloorLimit: v.optional(amount),
  readerCvmRequiredLimit: v.optional(amount),
  ttq: v.optional(hexBytes(4, 4)),
  fixedIndicators: v.optional(v.pipe(indicators, v.transform(present))),
  data: v.optional(dataElements, {}),
});

const keyIndex = v.pipe(
  hexBytes(1, 1),
  v.transform(([index = 0]) => index),
);

const caPublicKey = v.pipe(
  v.strictObject({
    rid: hexBytes(5, 5),
    index: keyIndex,
    exponent: v.pipe(
      v.string('"03" or "010001"'),
      v.regex(/^(03|010001)$/, '"03" or "010001"'),
      v.transform((text) => Number.parseInt(text, 16)),
    ),
    modulus: hexBytes(64, 248),
    expires: v.optional(
      v.pipe(
        v.string('a date such as "2030-12-31"'),
        v.check(
          (date) => clockDigits(`${date}T00:00:00`) !== undefined,
          'a date such as "2030-12-31"',
        ),
      ),
    ),
  }),
  v.check(
    ({ modulus, exponent }) => rsaPublicKey(modulus, exponent) !== undefined,
    'a modulus that RSA can use',
  ),
);

const schema = v.object({
  terminal: v.optional(dataElements, {}),
  combinationSets: v.array(combinationSet, 'a list of combination sets'),
  kernels: v.optional(
    v.record(kernelId, v.picklist(['test', 'built-in'], '"test" or "built-in"')),
    {},
  ),
  /** Recorded only: what the reader would start by itself at B. */
  autorun: v.optional(v.object({ transactionType, amountAuthorised: amount })),
  caPublicKeys: v.optional(v.array(caPublicKey, 'a list of keys'), []),
  revoked: v.optional(
    v.array(
      v.strictObject({ rid: hexBytes(5, 5), index: keyIndex, serial: hexBytes(3, 3) }),
      'a list of certificates',
    ),
    [],
  ),
  exceptionFile: v.optional(
    v.array(
      v.pipe(v.string('an account number'), v.regex(/^[0-9]{8,19}F*$/i, 'an account number')),
      'a list of account numbers',
    ),
    [],
  ),
});

type Configure = v.InferOutput<typeof schema>;

/** What `configure` leaves behind. */
export interface LabConfiguration {
  readonly reader: ReaderConfiguration;
  readonly autorun?: Configure['autorun'];
}

/** The whole configuration of a `configure` request, or the first fault with its path. */
export const readConfiguration = (request: unknown): LabConfiguration | LabError => {
  const parsed = checked(schema, request, 'configuration');
  if (isLabError(parsed)) return parsed;
  const { ok: given } = parsed;
  const kernels = registry(given.kernels);
  if (isLabError(kernels)) return kernels;
  const authentication = authenticationOf(given);
  if (isLabError(authentication)) return authentication;
  const reader = contactlessConfiguration({
    source: 'configure',
    sets: given.combinationSets,
    terminal: given.terminal,
    kernels,
    authentication,
  });
  if (isConfigProblem(reader)) {
    const { key, expected, found } = reader;
    return labError('configuration', `combinationSets${key}: expected ${expected}, found ${found}`);
  }
  return { reader, autorun: given.autorun };
};

const registry = (listed: Configure['kernels']): KernelRegistry | LabError => {
  const kernels = new Map<string, Kernel>();
  for (const [id, kind] of Object.entries(listed)) {
    const kernel: Kernel | undefined =
      kind === 'test' ? (input) => testKernel(id, input) : builtInKernels.get(id);
    if (kernel === undefined) {
      const known = [...builtInKernels.keys()].join(', ');
      return labError('configuration', `kernels.${id}: built in are ${known}`);
    }
    kernels.set(id, kernel);
  }
  return kernels;
};

const authenticationOf = (given: Configure): Authentication | LabError => {
  const names = new Set<string>();
  for (const [at, { rid, index }] of given.caPublicKeys.entries()) {
    const name = toHex(rid) + index;
    if (names.has(name)) {
      return labError('configuration', `caPublicKeys[${at}]: this RID and index stand twice`);
    }
    names.add(name);
  }
  return {
    caKeys: caPublicKeys(given.caPublicKeys.map(present)),
    revoked: revocationList(given.revoked),
    exceptionFile: new Set(given.exceptionFile?.map((number) => number.replace(/F+$/i, ''))),
  };
};

type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

// Keys with a value only: for types that tell "absent" from "undefined".
function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
