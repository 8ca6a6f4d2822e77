import { type Fault, fault } from '#ports/fault.ts';

/** How a device that speaks the protocol of README.md is to be reached. */
export interface Model {
  readonly model: string;
  /** Where the row's facts are from: a manual's page, or the device that was tried. */
  readonly source: string;
  /** Of its output and input reports; 0 where reports are not numbered. */
  readonly reportId: number;
  /** The vendor-defined usage page that its report descriptor names for them. */
  readonly usagePage: number;
  /** How long an answer takes; to begin and end, flash memory is erased or read. */
  readonly answerMs: number;
  readonly slowAnswerMs: number;
  /** How long it may be away from the bus when it restarts. */
  readonly restartMs: number;
}

export const modelOf = (name: string): Model | Fault =>
  MODELS.find(({ model }) => model === name) ??
  fault(
    'device',
    `no model "${name}" is known (drivers/hid-firmware/models.ts): ` +
      MODELS.map(({ model }) => model).join(', '),
  );

const USUAL = { answerMs: 1000, slowAnswerMs: 15_000, restartMs: 30_000 } as const;

const MODELS: readonly Model[] = [
  {
    model: 'generic',
    source: 'no device: the protocol as README.md has it',
    ...{ reportId: 0, usagePage: 0xff00 },
    ...USUAL,
  },
  {
    model: 'countertap-simulated',
    source: 'drivers/simulated/peripherals/hid-device.ts',
    ...{ reportId: 0, usagePage: 0xff00 },
    ...USUAL,
  },
];
