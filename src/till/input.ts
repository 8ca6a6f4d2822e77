import {
  answerHeader,
  type ErrorCondition,
  formEncoded,
  type Input,
  type InputRequest,
  isNotDone,
  type NexoResponse,
  type Response,
} from '#nexo/index.ts';
import type { ShopperAnswer, Signature } from '#ports/shopper-question.ts';
import { questionOf } from './question.ts';
import { refused, type Service } from './turn.ts';

type Answer = NexoResponse<'Input'>;

/** Asks the shopper, and tells the till what came of it. What was typed goes into no log. */
export const input = async (service: Service<'Input'>): Promise<Answer> => {
  const { desk, request, own } = service;
  const question = questionOf(request.body);
  if (isNotDone(question)) return refused(service, question.notDone, question.why);
  own.input = request.body;
  const told = await desk.parts.terminal.ask(question, own.abort.signal);
  const { InputData, DisplayOutput } = request.body;
  const { InputCommand, Device, InfoQualify } = InputData;
  if (!isGiven(told)) {
    const [condition, why] = CONDITIONS[told.kind];
    return refused(service, condition, why);
  }
  return {
    category: 'Input',
    header: answerHeader(request.header),
    body: {
      ...(DisplayOutput ? { OutputResult: shown(DisplayOutput) } : {}),
      InputResult: {
        ...{ Device, InfoQualify },
        Response: responseOf(told),
        Input: { InputCommand, ...inputOf(told, entriesOf(request.body)) },
      },
    },
  };
};

type Given = Exclude<ShopperAnswer, { readonly kind: keyof typeof CONDITIONS }>;

const isGiven = (answer: ShopperAnswer): answer is Given => !(answer.kind in CONDITIONS);

// "Cancel" for time-outs, too: nexo has no word of its own, and a till does the same about both.
const CONDITIONS = {
  cancelled: ['Cancel', 'the shopper broke it off'],
  timedOut: ['Cancel', 'nobody answered in time'],
  aborted: ['Aborted', 'the till broke it off'],
  busy: ['Busy', 'a payment is being taken, or another question is open'],
  noDisplay: ['UnavailableDevice', 'there is no display that anybody would see'],
} as const satisfies Readonly<Record<string, readonly [ErrorCondition, string]>>;

const entriesOf = ({ DisplayOutput }: InputRequest): number =>
  DisplayOutput?.MenuEntry?.length ?? 0;

const shown = ({ Device, InfoQualify }: NonNullable<InputRequest['DisplayOutput']>) => ({
  Device,
  InfoQualify,
  Response: { Result: 'Success' } as const,
});

const inputOf = (given: Given, entries: number): Partial<Input> => {
  switch (given.kind) {
    case 'confirmation':
      return { ConfirmedFlag: given.confirmed };
    case 'digits':
      return DIGITS.test(given.typed) ? { DigitInput: given.typed } : {};
    case 'text':
      return { TextInput: given.typed };
    case 'menu':
      return { MenuEntryNumber: chosenOf(given.chosen, entries) };
    case 'signature':
      return { ConfirmedFlag: true };
  }
};

// As the schema has it.
const DIGITS = /^[0-9]+(\.[0-9]+)?$/;

// A number for each entry, 1 for those that were chosen: Adyen Terminal API, shopper input, menu.
const chosenOf = (chosen: readonly number[], entries: number): readonly number[] =>
  Array.from({ length: Math.max(entries, ...chosen.map((index) => index + 1)) }, (_, index) =>
    chosen.includes(index) ? 1 : 0,
  );

// An Input has no field for a signature: it stands beside, in the form of CapturedSignature.
const responseOf = (given: Given): Response =>
  given.kind === 'signature'
    ? {
        Result: 'Success',
        AdditionalResponse: formEncoded({ signature: JSON.stringify(captured(given.signature)) }),
      }
    : { Result: 'Success' };

/** nexo Retailer, CapturedSignature: hexadecimal, FFFF in both where the pen is lifted. */
const captured = ({ width, height, strokes }: Signature) => ({
  AreaSize: { X: hexadecimal(width), Y: hexadecimal(height) },
  SignaturePoint: strokes.flatMap((stroke) => [
    ...stroke.map(([x, y]) => ({ X: hexadecimal(x), Y: hexadecimal(y) })),
    { X: 'FFFF', Y: 'FFFF' },
  ]),
});

const hexadecimal = (value: number): string =>
  Math.max(0, Math.min(0xfffe, Math.round(value)))
    .toString(16)
    .toUpperCase();
