import type { Log, LogFields } from '#ports/log.ts';

export interface KeptLog extends Log {
  /** Every line as JSON. */
  readonly lines: readonly string[];
}

/** A log that keeps its lines for a test to look at. */
export const keptLog = (): KeptLog => {
  const lines: string[] = [];
  const keep = (level: string) => (fields: LogFields, message: string) => {
    lines.push(JSON.stringify({ level, message, ...fields }));
  };
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
};
