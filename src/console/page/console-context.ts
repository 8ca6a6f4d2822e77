import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Right } from '#staff/rights.ts';
import type { SessionView } from '../api.ts';
import type { Client } from './api-client.ts';
import type { Format } from './format.ts';
import type { Live } from './live.ts';

/** What every page of the console has at hand. */
export interface Console {
  readonly session: SessionView;
  readonly client: Client;
  readonly format: Format;
  readonly live: Live;
  readonly may: (right: Right) => boolean;
  /** Shows and speaks what came of an action. */
  readonly say: (words: string, tone?: Tone) => void;
  readonly signOut: () => Promise<void>;
}

export type Tone = 'good' | 'bad' | 'warn' | 'calm';

export const ConsoleContext = createContext<Console | undefined>(undefined);

export const useConsole = (): Console => {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new TypeError('a page of the console outside of it');
  return found;
};
