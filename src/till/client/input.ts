import type { DisplayOutput, InputRequest, RequestBody } from '#nexo/index.ts';
import { abortable } from './follow.ts';
import type { Line } from './line.ts';
import { type Told, toldOf } from './results.ts';
import { signatureIn, type TillSignature } from './signature.ts';
import { isTillFault, type RequestOptions, type TillFault } from './types.ts';

/** What the shopper is asked on the terminal's display. */
export interface Question {
  readonly title?: string;
  readonly text: string;
  /** How long the shopper has; the terminal's own time unless said. */
  readonly withinSeconds?: number;
}

export interface TypedQuestion extends Question {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly initial?: string;
  /** Not to be read by others: dots are shown. */
  readonly masked?: boolean;
}

export interface InputOutcome<Value> extends Told {
  /** What the shopper said; absent when it came to nothing. */
  readonly value?: Value;
}

type Asked<Value> = Promise<InputOutcome<Value> | TillFault>;

export interface TillInput {
  confirm(
    question: Question & { readonly yes?: string; readonly no?: string },
    options?: RequestOptions,
  ): Asked<boolean>;
  /** A number as it was typed; with `decimals` it has a point. */
  digits(
    question: TypedQuestion & { readonly decimals?: number },
    options?: RequestOptions,
  ): Asked<string>;
  text(question: TypedQuestion, options?: RequestOptions): Asked<string>;
  /** Indexes of the entries that were touched, from 0. */
  menu(
    question: Question & { readonly entries: readonly string[]; readonly several?: boolean },
    options?: RequestOptions,
  ): Asked<readonly number[]>;
  signature(question: Question, options?: RequestOptions): Asked<TillSignature>;
}

export const createInput = (line: Line): TillInput => {
  const ask = async <Value>(
    body: InputRequest,
    options: RequestOptions,
    read: (input: Answered) => Value | undefined,
  ): Asked<Value> => {
    const answer = await abortable(line, 'Input', body, options);
    if (isTillFault(answer)) return answer;
    const { Response: response, Input } = answer.InputResult;
    const told = toldOf(response);
    const value = told.status === 'approved' ? read({ Input, told }) : undefined;
    return value === undefined ? told : { ...told, value };
  };
  return {
    confirm: (question, options = {}) => {
      const { no = '', yes = '' } = question;
      const body = bodyOf(question, 'GetConfirmation', 'GetConfirmation', { buttons: [no, yes] });
      return ask(body, options, ({ Input }) => Input?.ConfirmedFlag);
    },
    digits: (question, options = {}) => {
      const { decimals = 0 } = question;
      const command = decimals > 0 ? 'DecimalString' : 'DigitString';
      const body = bodyOf(question, command, decimals > 0 ? 'GetDecimals' : 'GetDigits');
      return ask(typed(body, question, decimals), options, ({ Input }) => Input?.DigitInput);
    },
    text: (question, options = {}) => {
      const body = typed(bodyOf(question, 'TextString', 'GetText'), question, 0);
      return ask(body, options, ({ Input }) => Input?.TextInput);
    },
    menu: (question, options = {}) => {
      const { entries } = question;
      const body = bodyOf(question, 'GetMenuEntry', 'MenuButtons', { entries });
      return ask(severally(body, question.several ?? false), options, ({ Input }) =>
        Input?.MenuEntryNumber?.flatMap((chosen, at) => (chosen === 1 ? [at] : [])),
      );
    },
    signature: (question, options = {}) => {
      const body = bodyOf(question, 'GetConfirmation', 'GetSignature');
      return ask(body, options, ({ told }) => signatureIn(told.additional['signature']));
    },
  };
};

/** Shows a text on the terminal's display, until something else is to be shown. */
export const displayBody = ({
  title,
  text,
}: Pick<Question, 'title' | 'text'>): RequestBody<'Display'> => ({
  DisplayOutput: [outputOf({ title: title ?? '', text }, 'AcceptedAnimated')],
});

interface Answered {
  readonly Input: NonNullable<Input> | undefined;
  readonly told: Told;
}

type Input = import('#nexo/index.ts').Input;

// Adyen Terminal API, "Confirmation": the third text is the button at the left, the fourth the one
// at the right; empty ones have the terminal's own words.
interface Choices {
  readonly buttons?: readonly string[];
  readonly entries?: readonly string[];
}

const outputOf = (
  { title, text }: Pick<Question, 'title' | 'text'>,
  reference: string,
  { buttons = [], entries = [] }: Choices = {},
): DisplayOutput => ({
  Device: 'CustomerDisplay',
  InfoQualify: 'Display',
  OutputContent: {
    OutputFormat: 'Text',
    PredefinedContent: { ReferenceID: reference },
    OutputText: [title ?? '', text, ...buttons].map((Text) => ({ Text })),
  },
  ...(entries.length === 0
    ? {}
    : { MenuEntry: entries.map((Text) => ({ OutputFormat: 'Text', OutputText: [{ Text }] })) }),
});

const bodyOf = (
  question: Question,
  InputCommand: InputRequest['InputData']['InputCommand'],
  reference: string,
  choices: Choices = {},
): InputRequest => ({
  DisplayOutput: outputOf(question, reference, choices),
  InputData: {
    Device: 'CustomerInput',
    InfoQualify: 'Input',
    InputCommand,
    ...(question.withinSeconds === undefined ? {} : { MaxInputTime: question.withinSeconds }),
  },
});

const typed = (body: InputRequest, question: TypedQuestion, decimals: number): InputRequest => {
  const { minLength, maxLength, initial, masked } = question;
  return {
    ...body,
    InputData: {
      ...body.InputData,
      ...(minLength === undefined ? {} : { MinLength: minLength }),
      ...(maxLength === undefined ? {} : { MaxLength: maxLength }),
      ...(decimals === 0 ? {} : { MaxDecimalLength: decimals }),
      ...(initial ? { DefaultInputString: initial } : {}),
      ...(masked ? { MaskCharactersFlag: true } : {}),
    },
  };
};

// Adyen Terminal API, "Menu": several may be chosen where the command's entries are check boxes.
const severally = (body: InputRequest, several: boolean): InputRequest =>
  several
    ? { ...body, InputData: { ...body.InputData, MaxLength: 0, WaitUserValidationFlag: true } }
    : body;
