import type { InputRequest, NexoRequest, NotDone, OutputContent } from '#nexo/index.ts';
import type { Asked, ShopperQuestion } from '#ports/shopper-question.ts';

/** Texts of a content in their order; undefined where it isn't text. */
export const textsOf = (
  content: Pick<OutputContent, 'OutputFormat' | 'OutputText'> | undefined,
): readonly string[] | undefined =>
  content?.OutputFormat === 'Text' ? (content.OutputText ?? []).map(({ Text }) => Text) : undefined;

/**
 * What a till has a shopper asked. Adyen's Terminal API, "Shopper input": of two texts the first is
 * the title; a confirmation's third and fourth are the buttons at the left and the right; a
 * signature is a confirmation with the predefined content GetSignature; a menu with MinLength or
 * MaxLength takes several entries.
 */
export const questionOf = ({
  DisplayOutput,
  InputData,
}: InputRequest): ShopperQuestion | NotDone => {
  if (InputData.Device !== 'CustomerInput')
    return notHere(`nothing is asked at ${InputData.Device}`);
  const content = DisplayOutput?.OutputContent;
  const texts = content === undefined ? [] : textsOf(content);
  if (texts === undefined) return notHere('a question is shown as text only');
  const ask = askedOf(InputData, texts, DisplayOutput);
  if ('notDone' in ask) return ask;
  const [first = '', ...others] = texts;
  const shown = ask.kind === 'confirmation' ? others.slice(0, 1) : others;
  const seconds = Math.min(InputData.MaxInputTime ?? PATIENCE_S, LONGEST_S);
  return {
    title: others.length === 0 ? '' : first,
    text: others.length === 0 ? first : shown.join('\n'),
    ask,
    withinMs: seconds * 1000,
  };
};

/** The question as an InputUpdate changes it; its time goes on. */
export const questionInstead = (
  { DisplayOutput, InputData }: InputRequest,
  update: NexoRequest<'InputUpdate'>['body'],
): ShopperQuestion | NotDone => {
  const { OutputContent, MenuEntry, MinLength, MaxLength, MaxDecimalLength } = update;
  return questionOf({
    DisplayOutput: {
      Device: 'CustomerDisplay',
      InfoQualify: 'Display',
      ...DisplayOutput,
      OutputContent,
      MenuEntry: MenuEntry ?? DisplayOutput?.MenuEntry,
    },
    InputData: {
      ...InputData,
      MinLength: MinLength ?? InputData.MinLength,
      MaxLength: MaxLength ?? InputData.MaxLength,
      MaxDecimalLength: MaxDecimalLength ?? InputData.MaxDecimalLength,
    },
  });
};

type InputData = InputRequest['InputData'];

/** How long a shopper has where the till doesn't say, and at most. */
const PATIENCE_S = 60;
const LONGEST_S = 600;

const DIGITS = 20;
const CHARACTERS = 200;
const DECIMALS = 2;

const notHere = (why: string): NotDone => ({ notDone: 'UnavailableDevice', why });

const askedOf = (
  data: InputData,
  texts: readonly string[],
  output: InputRequest['DisplayOutput'],
): Asked | NotDone => {
  switch (data.InputCommand) {
    case 'GetConfirmation':
      return confirmationOf(texts, output);
    case 'DigitString':
      return { kind: 'digits', ...typed(data, DIGITS), decimals: 0 };
    case 'DecimalString':
      return {
        kind: 'digits',
        ...typed(data, DIGITS),
        decimals: Math.min(data.MaxDecimalLength ?? DECIMALS, DIGITS),
      };
    case 'TextString':
      return { kind: 'text', ...typed(data, CHARACTERS) };
    case 'GetMenuEntry':
      return menuOf(data, output);
    default:
      // No keypad with keys of its own, and nobody types a password here.
      return notHere(`${data.InputCommand} is not done here`);
  }
};

const confirmationOf = (texts: readonly string[], output: InputRequest['DisplayOutput']): Asked => {
  const reference = output?.OutputContent.PredefinedContent?.ReferenceID;
  if (reference === 'GetSignature') return { kind: 'signature' };
  const [, , no, yes] = texts;
  return { kind: 'confirmation', ...(yes ? { yes } : {}), ...(no ? { no } : {}) };
};

const typed = (
  { MinLength = 0, MaxLength, DefaultInputString = '', MaskCharactersFlag = false }: InputData,
  most: number,
) => {
  const maxLength = Math.min(Math.max(MaxLength ?? most, 1), most);
  return {
    minLength: Math.min(MinLength, maxLength),
    maxLength,
    initial: DefaultInputString.slice(0, maxLength),
    masked: MaskCharactersFlag,
  };
};

const menuOf = (data: InputData, output: InputRequest['DisplayOutput']): Asked | NotDone => {
  const entries = output?.MenuEntry ?? [];
  if (entries.length === 0) return notHere('a menu has entries');
  if (entries.length > MOST_ENTRIES) return notHere(`a menu has at most ${MOST_ENTRIES} entries`);
  const words = entries.map((entry) => textsOf(entry)?.join('\n') ?? '');
  if (words.includes('')) return notHere('entries of a menu are shown as text only');
  const chosen = entries.map(({ DefaultSelectedFlag }) => DefaultSelectedFlag === true);
  return {
    kind: 'menu',
    entries: words,
    several: data.MinLength !== undefined || data.MaxLength !== undefined,
    initial: [...chosen.keys()].filter((index) => chosen[index]),
  };
};

const MOST_ENTRIES = 50;
