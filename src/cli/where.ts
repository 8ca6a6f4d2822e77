import type { OpenedConsole } from './opening/open-console.ts';
import type { OpenedTill } from './opening/open-till.ts';

/** Where staff find the console, for `countertap status`. */
export const whereStaffWork = (office: OpenedConsole | undefined) =>
  office && { console: office.url, consoleFingerprint: office.fingerprint() };

/** Where tills reach this terminal, and whether its relay is there. */
export const whereTillsAre = (tills: OpenedTill | undefined) =>
  tills && { tills: tills.url, tillsFingerprint: tills.fingerprint(), relay: tills.relay() };
