import { type Fault, fault } from '#ports/fault.ts';

/** What a device understands, outside of a transfer. Characters are sent as one byte each. */
export interface Commands {
  /** Asks a running device for its version. */
  readonly version: string;
  /** A regular expression; its first group is the version. */
  readonly versionAnswer: string;
  /** Brings it into its bootloader. */
  readonly enter: string;
  /** A regular expression by which the bootloader is known, besides the "C" of XMODEM. */
  readonly bootloaderAnswer?: string;
  /** Lets the bootloader receive, where it doesn't send "C" by itself. */
  readonly start?: string;
  /** Lets it run what it has received, where it doesn't by itself. */
  readonly run?: string;
}

export interface Model {
  readonly model: string;
  /** Where the row's facts are from: a manual's page, or the device that was tried. */
  readonly source: string;
  /** What the configuration says goes before them. */
  readonly commands: Partial<Commands>;
  /** How long an answer takes; "C" comes every 3 s, or every 10 s of old receivers. */
  readonly answerMs: number;
  /** From the enter command to the bootloader's first word; it may leave the bus meanwhile. */
  readonly enterMs: number;
  /** From the last byte to the first answer of what it runs then. */
  readonly bootMs: number;
}

export type SettledModel = Omit<Model, 'commands'> & { readonly commands: Commands };

/** A row with what the configuration says, or which command nobody knows. */
export const modelOf = (name: string, configured: Partial<Commands>): SettledModel | Fault => {
  const row = MODELS.find(({ model }) => model === name);
  if (row === undefined) {
    const names = MODELS.map(({ model }) => model).join(', ');
    return fault('device', `no model "${name}" is known (drivers/xmodem/models.ts): ${names}`);
  }
  const { version, versionAnswer, enter, ...rest } = { ...row.commands, ...configured };
  if (version === undefined || versionAnswer === undefined || enter === undefined) {
    return fault(
      'device',
      `the model "${name}" says nothing of ${NEEDED}: name them in "commands"`,
    );
  }
  return { ...row, commands: { ...rest, version, versionAnswer, enter } };
};

const NEEDED = 'version, versionAnswer and enter';

const USUAL = { answerMs: 4000, enterMs: 15_000, bootMs: 60_000 } as const;

const MODELS: readonly Model[] = [
  {
    model: 'generic',
    source: 'no device: every command is the configuration’s',
    commands: {},
    ...USUAL,
  },
  {
    model: 'countertap-simulated',
    source: 'drivers/simulated/peripherals/serial-device.ts',
    commands: {
      version: 'VER\r',
      versionAnswer: 'VER ([!-~]+)\r\n',
      enter: 'BOOT\r',
      bootloaderAnswer: 'BOOTLOADER\r\n',
      start: 'LOAD\r',
      run: 'RUN\r',
    },
    ...USUAL,
  },
];
