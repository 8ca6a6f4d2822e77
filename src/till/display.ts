import {
  answerHeader,
  type DisplayOutput,
  type ErrorCondition,
  failure,
  type NexoResponse,
} from '#nexo/index.ts';
import { textsOf } from './question.ts';
import type { Turn } from './turn.ts';

/** Shows texts of the till's on the customer display; the terminal's payments come first. */
export const display = ({ desk, request }: Turn<'Display'>): NexoResponse<'Display'> => ({
  category: 'Display',
  header: answerHeader(request.header),
  body: {
    OutputResult: request.body.DisplayOutput.slice(0, MOST).map((output) => {
      const why = shown(desk.parts.terminal.tell, output);
      const { Device, InfoQualify } = output;
      return {
        Device,
        InfoQualify,
        Response: why === undefined ? ({ Result: 'Success' } as const) : failure(...why),
      };
    }),
  },
});

/** Shows one text; or the condition why not, and words for it. */
export const shown = (
  tell: Turn['desk']['parts']['terminal']['tell'],
  { Device, OutputContent }: Pick<DisplayOutput, 'Device' | 'OutputContent'>,
): [ErrorCondition, { readonly message: string }] | undefined => {
  if (Device !== 'CustomerDisplay') return no('UnavailableDevice', `there is no ${Device}`);
  const busy = () => no('Busy', 'a payment is being taken');
  const { OutputFormat, PredefinedContent } = OutputContent;
  // Adyen Terminal API, "Show a predefined screen": back to what the terminal shows by itself.
  if (OutputFormat === 'MessageRef' && PredefinedContent?.ReferenceID === 'Idle') {
    return tell(undefined) ? undefined : busy();
  }
  const texts = textsOf(OutputContent);
  if (texts === undefined) return no('UnavailableDevice', `${OutputFormat} is not shown here`);
  const [first = '', ...others] = texts;
  const notice =
    others.length === 0 ? { title: '', text: first } : { title: first, text: others.join('\n') };
  return tell(notice) ? undefined : busy();
};

const no = (
  condition: ErrorCondition,
  message: string,
): [ErrorCondition, { readonly message: string }] => [condition, { message }];

// A display shows one at a time: what is beyond is never seen.
const MOST = 40;
