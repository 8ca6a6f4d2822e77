import { answerHeader, formDecoded, type NexoResponse, type OutputContent } from '#nexo/index.ts';
import type { ReceiptPart } from '#ports/receipt-printer.ts';
import { refused, type Turn } from './turn.ts';

type Answer = NexoResponse<'Print'>;

/** Prints what a till gives; answered when the printer has taken it. */
export const print = async (turn: Turn<'Print'>): Promise<Answer> => {
  const { desk, request } = turn;
  const { DocumentQualifier, OutputContent } = request.body.PrintOutput;
  if (desk.parts.print === undefined) return refused(turn, 'UnavailableDevice', 'no printer');
  const parts = partsOf(OutputContent);
  if (parts === undefined) {
    const why = `${OutputContent.OutputFormat} is not printed here`;
    return refused(turn, 'UnavailableDevice', why);
  }
  const fault = await desk.parts.print({ language: desk.parts.language(), parts });
  if (fault !== undefined) return refused(turn, 'DeviceOut', fault.detail);
  return {
    category: 'Print',
    header: answerHeader(request.header),
    body: { DocumentQualifier, Response: { Result: 'Success' } },
  };
};

/** What is to be printed; undefined for what no printer of ours prints. */
const partsOf = ({
  OutputFormat,
  OutputText = [],
  OutputBarcode,
}: OutputContent): readonly ReceiptPart[] | undefined => {
  if (OutputFormat === 'BarCode' && OutputBarcode !== undefined) {
    return [{ part: 'qr', content: OutputBarcode.BarcodeValue }];
  }
  if (OutputFormat !== 'Text') return undefined;
  return lines(OutputText).map(partOf);
};

interface Line {
  readonly text: string;
  readonly strong: boolean;
}

// A text without an end of line goes on with the next one.
const lines = (texts: NonNullable<OutputContent['OutputText']>): readonly Line[] => {
  const done: Line[] = [];
  let open: Line | undefined;
  for (const { Text, CharacterStyle, EndOfLineFlag = true } of texts) {
    const strong = (open?.strong ?? false) || CharacterStyle === 'Bold';
    open = { text: `${open?.text ?? ''}${Text}`, strong };
    if (!EndOfLineFlag) continue;
    done.push(open);
    open = undefined;
  }
  return open === undefined ? done : [...done, open];
};

// A till may give us a receipt as it got it, in pairs.
const partOf = ({ text, strong }: Line): ReceiptPart => {
  const pairs = text.includes('key=') ? formDecoded(text) : undefined;
  const weight = strong ? { strong: true as const } : {};
  if (!pairs?.has('key')) {
    return text.trim() === '' ? { part: 'space' } : { part: 'line', text, ...weight };
  }
  const label = pairs.get('name') ?? '';
  const value = pairs.get('value') ?? '';
  if (label === '' && value === '') return { part: 'space' };
  return value === '' || label === ''
    ? { part: 'line', text: label || value, ...weight }
    : { part: 'pair', label, value, ...weight };
};
