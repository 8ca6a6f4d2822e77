import { isFault } from '#ports/fault.ts';
import { isSettingsProblem } from '#settings/index.ts';
import { faulty, problem, type Route, withField } from '../answer.ts';
import type { ConsoleParts } from '../parts.ts';

/** Limits and texts. */
export const settingsRoutes = ({ settings }: ConsoleParts): readonly Route[] => [
  {
    method: 'GET',
    url: '/api/settings',
    needs: 'seeSettings',
    handle: async () => ({ status: 200, body: settings.view() }),
  },
  {
    method: 'PUT',
    url: '/api/settings',
    needs: 'changeSettings',
    action: 'change settings',
    handle: async ({ body, by }) => {
      const changed = await settings.change(body, by);
      if (isFault(changed)) return faulty(changed, SUBJECT);
      if (isSettingsProblem(changed)) {
        return problem(422, withField(changed.problem, changed.field), SUBJECT);
      }
      const audit = { subject: SUBJECT, says: changeWords(body) };
      return { status: 200, body: changed, audit };
    },
  },
];

const SUBJECT = 'limits and texts';

// It was taken, so it has the form; what it says stands in the journal's own entry.
const changeWords = (body: unknown): string => {
  const { limits = [], texts = [] } = body as {
    readonly limits?: readonly { readonly set: number; readonly name: string }[];
    readonly texts?: readonly { readonly language: string; readonly screen: string }[];
  };
  const parts = [
    ...limits.map(({ set, name }) => `${name} of set ${set}`),
    ...texts.map(({ language, screen }) => `${screen} in ${language}`),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
};
