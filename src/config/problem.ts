/** Why a configuration can't be used: everything a person needs to mend it. */
export interface ConfigProblem {
  readonly configProblem: true;
  readonly file: string;
  /** Such as "display.port" or "[2].combinations[0].aid"; empty for the file as a whole. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

export const configProblem = (
  file: string,
  key: string,
  expected: string,
  found: string,
): ConfigProblem => ({ configProblem: true, file, key, expected, found });

export const isConfigProblem = (value: unknown): value is ConfigProblem =>
  typeof value === 'object' && value !== null && 'configProblem' in value;

/** "config/base/terminal.json: display.port: expected a port (1 to 65535), found "http"" */
export const describeConfigProblem = ({ file, key, expected, found }: ConfigProblem): string =>
  [file, ...(key === '' ? [] : [key]), `expected ${expected}, found ${found}`].join(': ');
