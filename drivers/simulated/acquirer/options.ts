import {
  type DialectName,
  dialects,
  type FramingOptions,
  type LengthHeader,
  lengthHeaders,
} from '#iso8583/index.ts';

/** What a command line may say of how this host speaks and decides. */
export interface HostOptions {
  readonly dialect?: DialectName;
  /** As the terminal has it: its own TPDU. */
  readonly framing?: FramingOptions;
  /** Whether messages have a MAC. */
  readonly mac?: boolean;
  /** A file of rules in the place of the shipped one. */
  readonly rulesPath?: string;
}

/** For `parseArgs`. */
export const commandLine = {
  dialect: { type: 'string', default: 'iso8583-1987-ascii' },
  'length-header': { type: 'string', default: 'binary-2' },
  tpdu: { type: 'string' },
  mac: { type: 'boolean', default: false },
  rules: { type: 'string' },
} as const;

/** HostOptions as arguments for main.ts. */
export const argumentsOf = ({ dialect, framing = {}, mac, rulesPath }: HostOptions): string[] => {
  const { header, tpdu } = framing;
  return [
    ...(dialect === undefined ? [] : ['--dialect', dialect]),
    ...(header === undefined ? [] : ['--length-header', header]),
    ...(tpdu === undefined ? [] : ['--tpdu', tpdu.destination + tpdu.source]),
    ...(mac === true ? ['--mac'] : []),
    ...(rulesPath === undefined ? [] : ['--rules', rulesPath]),
  ];
};

/** The other way. Throws with the argument that is wrong. */
export const optionsOf = (values: {
  readonly dialect: string;
  readonly 'length-header': string;
  readonly tpdu?: string | undefined;
  readonly mac: boolean;
  readonly rules?: string | undefined;
}): HostOptions => {
  const { dialect, 'length-header': header, tpdu, mac, rules } = values;
  if (!isDialect(dialect)) throw new Error(`--dialect ${dialect}`);
  if (!isHeader(header)) throw new Error(`--length-header ${header}`);
  if (tpdu !== undefined && !/^\d{8}$/.test(tpdu)) {
    throw new Error(`--tpdu ${tpdu}: eight digits expected, destination and source`);
  }
  const ends =
    tpdu === undefined ? undefined : { destination: tpdu.slice(0, 4), source: tpdu.slice(4) };
  return {
    dialect,
    framing: { header, ...(ends === undefined ? {} : { tpdu: ends }) },
    mac,
    ...(rules === undefined ? {} : { rulesPath: rules }),
  };
};

const isDialect = (name: string): name is DialectName => Object.hasOwn(dialects, name);
const isHeader = (name: string): name is LengthHeader => Object.hasOwn(lengthHeaders, name);
