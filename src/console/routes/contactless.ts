import { type Decision, type DecisionProblem, isDecisionProblem } from '#acceptance/index.ts';
import { decisionView, previewOf, registerFile, summaryOf } from '#decisions/view.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { type Answer, faulty, ofDecision, problem, type Route } from '../answer.ts';
import type { ContactlessView, PreviewView } from '../api.ts';
import type { ConsoleParts } from '../parts.ts';
import { laneFacts, optionsOf } from '../views/decisions.ts';

/** Beyond that, the register's files have them all. */
const MOST_SHOWN = 500;

/** The switch, and the register behind it. */
export const contactlessRoutes = (parts: ConsoleParts): readonly Route[] => {
  const { decisions: book, shop } = parts;
  return [
    {
      method: 'GET',
      url: '/api/contactless',
      needs: 'seeDecisions',
      handle: async () => {
        const latest = book.all().slice(-MOST_SHOWN).reverse();
        const view: ContactlessView = {
          summary: summaryOf(book, laneFacts(shop.lane)),
          history: latest.map((decision) => decisionView(book, decision)),
          why: book.why(laneFacts(shop.lane)),
          options: optionsOf(book),
        };
        return { status: 200, body: view };
      },
    },
    {
      method: 'POST',
      url: '/api/contactless/preview',
      needs: 'decide',
      handle: async ({ body, by }) => {
        const preview = previewOf(book, body, by);
        const view: PreviewView = isDecisionProblem(preview) ? { problem: preview } : preview;
        return { status: 200, body: view };
      },
    },
    {
      method: 'POST',
      url: '/api/contactless/decisions',
      needs: 'decide',
      action: 'decide',
      handle: async ({ body, by }) => outcome(parts, await book.decide(body, by), 201),
    },
    {
      method: 'POST',
      url: '/api/contactless/decisions/:id/approval',
      needs: 'approveDecision',
      action: 'approve decision',
      handle: async ({ params: { id = '' }, by }) =>
        outcome(parts, await book.approve(id, by), 200, id),
    },
    {
      method: 'POST',
      url: '/api/contactless/anew',
      needs: 'decide',
      action: 'begin the register anew',
      handle: async ({ body, by }) => outcome(parts, await book.beginAnew(body, by), 201),
    },
    {
      method: 'POST',
      url: '/api/contactless/verify',
      needs: 'seeDecisions',
      action: 'verify the register',
      handle: async () => {
        const check = await book.verify();
        if (isFault(check)) return faulty(check, REGISTER);
        const says = check.problem ?? `${check.entries} entries, all as they were written`;
        return { status: 200, body: check, audit: { subject: REGISTER, says } };
      },
    },
    register(parts, 'csv', 'text/csv; charset=utf-8'),
    register(parts, 'json', 'application/json; charset=utf-8'),
  ];
};

const REGISTER = 'the decision register';

const outcome = (
  { decisions }: ConsoleParts,
  made: Decision | DecisionProblem | Fault,
  status: number,
  subject = '',
): Answer => {
  if (isFault(made)) return faulty(made, subject);
  if (isDecisionProblem(made)) return ofDecision(made, subject);
  const view = decisionView(decisions, made);
  return { status, body: view, audit: { subject: made.id, says: view.says } };
};

const register = (
  { decisions: book, shop }: ConsoleParts,
  kind: 'csv' | 'json',
  type: string,
): Route => ({
  method: 'GET',
  url: `/api/contactless/register.${kind}`,
  needs: 'seeDecisions',
  action: 'export the register',
  handle: async () => {
    const written = registerFile(book, kind);
    if ('unreadable' in written) return problem(503, { error: written.unreadable }, REGISTER);
    const name = `decisions-${shop.terminalId}.${kind}`;
    return {
      status: 200,
      file: { name, type, text: written.text },
      audit: { subject: REGISTER, says: `${book.all().length} decisions as ${kind.toUpperCase()}` },
    };
  },
});
