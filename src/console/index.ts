import type { FastifyInstance } from 'fastify';
import type { Route } from './answer.ts';
import { createApp } from './app.ts';
import { createLive } from './live.ts';
import type { ConsoleParts } from './parts.ts';
import { contactlessRoutes } from './routes/contactless.ts';
import { doctorRoutes } from './routes/doctor.ts';
import { paymentRoutes } from './routes/payments.ts';
import { peopleRoutes } from './routes/people.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { terminalRoutes } from './routes/terminal.ts';
import { updateRoutes } from './routes/updates.ts';
import { createSessions } from './sessions.ts';

export type { ConsoleParts, ReaderSilence, Shop } from './parts.ts';

export interface Console {
  /** Answers one HTTP request. */
  readonly routing: FastifyInstance['routing'];
  /** Ends all streams. */
  close(): Promise<void>;
}

/** The staff's console. Loads a web framework: not before somebody comes. */
export const createConsole = async (parts: ConsoleParts): Promise<Console> => {
  const sessions = createSessions(parts.clock, parts.entropy);
  const live = createLive(parts, sessions);
  const routes: readonly Route[] = [
    ...sessionRoutes(parts, sessions),
    ...terminalRoutes(parts),
    ...contactlessRoutes(parts),
    ...doctorRoutes(parts),
    ...updateRoutes(parts),
    ...paymentRoutes(parts),
    ...settingsRoutes(parts),
    ...peopleRoutes(parts, sessions),
  ];
  const app = await createApp({ parts, sessions }, routes, live);
  return {
    routing: (request, response) => app.routing(request, response),
    close: async () => {
      live.close();
      await app.close();
    },
  };
};
