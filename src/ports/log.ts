export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log: one line a step. Callers mask account data first (#data/mask.ts). */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
