import type { PeopleView } from '../../api.ts';
import type { Method, Refusal } from '../api-client.ts';

/** Changes who may sign in. @returns why not; undefined when it is done */
export type ChangePeople = (
  method: Method,
  name: string | undefined,
  body: unknown,
  done: string,
) => Promise<Refusal | undefined>;

export type PersonLine = PeopleView['people'][number];

export interface PersonProps {
  readonly person: PersonLine;
  readonly change: ChangePeople;
}
