import type { BaseIssue, BaseSchema, InferOutput } from 'valibot';
import * as v from 'valibot';
import type { DecisionProblem, Person } from '#acceptance/index.ts';
import type { Fault } from '#ports/fault.ts';
import type { PersonProblem } from '#ports/people.ts';
import type { Right } from '#staff/rights.ts';
import type { ErrorView } from './api.ts';
import type { NoSession, Session } from './sessions.ts';

/** What somebody asked, behind all guards. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Where it came from. */
  readonly address: string;
}

export interface AskedByAnyone extends Asked {
  readonly session: Session | NoSession;
}

export interface AskedByPerson extends Asked {
  readonly session: Session;
  readonly by: Person;
}

interface RouteHead {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** What it is called in the audit log. Everything that changes something has a name. */
  readonly action?: string;
}

/** A row of what can be asked for. */
export type Route =
  | (RouteHead & {
      readonly needs: 'nothing';
      /** Tries of a PIN: few a minute from one address. */
      readonly fewTries?: true;
      readonly handle: (asked: AskedByAnyone) => Promise<Answer>;
    })
  | (RouteHead & {
      readonly needs: Right;
      /** The page asks by itself: it keeps no session alive. */
      readonly byItself?: true;
      readonly handle: (asked: AskedByPerson) => Promise<Answer>;
    });

export interface Answer {
  readonly status: number;
  /** JSON. */
  readonly body?: unknown;
  readonly file?: { readonly name: string; readonly type: string; readonly text: string };
  /** What goes on, from now on until the session ends. */
  readonly stream?: true;
  /** The session's id; null takes it away. */
  readonly cookie?: string | null;
  /** What goes into the audit log under the route's action. */
  readonly audit?: {
    readonly subject: string;
    readonly says: string;
    readonly outcome?: 'refused';
    /** Where the session doesn't say it. */
    readonly person?: Pick<Session, 'person' | 'role'>;
  };
}

/** Something is wrong with what was asked; nothing has changed. */
export const problem = (status: number, view: ErrorView, subject = ''): Answer => ({
  status,
  body: view,
  audit: { subject, says: view.field ? `${view.field}: ${view.error}` : view.error },
});

/** The world doesn't let us. */
export const faulty = ({ detail }: Fault, subject = ''): Answer =>
  problem(503, { error: detail }, subject);

export const ofDecision = (one: DecisionProblem, subject = ''): Answer =>
  problem(422, withField(one.problem, one.field), subject);

export const ofPerson = (one: PersonProblem, subject = '', status = 422): Answer =>
  problem(status, { ...withField(one.problem, one.field), ...retry(one) }, subject);

/** Of what the audit log knows already. */
export const alreadyTold = ({ audit: _, ...answer }: Answer): Answer => answer;

export const withField = (error: string, field: string): ErrorView =>
  field === '' ? { error } : { error, field };

const retry = ({ retryAfterMs }: PersonProblem) =>
  retryAfterMs === undefined ? {} : { retryAfterMs };

/** A body or query as its schema says, or the answer that names what is wrong. */
export const parsed = <Schema extends BaseSchema<unknown, unknown, BaseIssue<unknown>>>(
  schema: Schema,
  input: unknown,
): { readonly value: InferOutput<Schema> } | { readonly refused: Answer } => {
  const result = v.safeParse(schema, input ?? {}, { abortEarly: true });
  if (result.success) return { value: result.output };
  const [issue] = result.issues;
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  return { refused: problem(422, withField(wordsOf(issue), keys.join('.'))) };
};

// The library's own messages quote what was typed, which may be a PIN.
const wordsOf = (issue: BaseIssue<unknown>): string => {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'unknown here';
  if (issue.type === 'strict_object' && issue.input === undefined) return 'missing';
  return issue.message.startsWith('Invalid') ? `expected ${issue.expected}` : issue.message;
};
