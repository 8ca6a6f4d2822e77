/** Codes of the lab port's error lines. */
export type LabErrorCode =
  | 'malformed'
  | 'unknownRequest'
  | 'configuration'
  | 'unsupportedTransactionType'
  | 'notAllowed'
  | 'cardTimeout'
  | 'abandoned'
  /** A bug of ours: the activation is given up, the session goes on. */
  | 'internal';

/** A line that is refused, and why: returned, never thrown. */
export interface LabError {
  readonly error: { readonly code: LabErrorCode; readonly message: string };
}

export const labError = (code: LabErrorCode, message: string): LabError => ({
  error: { code, message },
});

export const isLabError = (value: unknown): value is LabError =>
  typeof value === 'object' && value !== null && 'error' in value;
