import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the installation: config/, drivers/ and the rest stand in it. */
export const INSTALLATION = fileURLToPath(new URL('../..', import.meta.url));

/** Where the terminal keeps what it writes. */
export interface Places {
  readonly state: string;
  readonly controlSocket: string;
  readonly acquirerState: string;
  readonly acquirerSocket: string;
  /** The simulated wallets' folder, and the socket that commands them. */
  readonly walletsState: string;
  readonly walletsSocket: string;
  readonly cards: string;
  readonly log: string;
  /** The journal's file, and the key store's folder. */
  readonly journal: string;
  readonly keys: string;
  /** The database of those who may sign in. */
  readonly people: string;
  /** The console's certificate and key, where the shop has none of its own. */
  readonly console: string;
  /** A note of the folder that the terminal was configured from. */
  readonly configuration: string;
  /** What updates have seen and fetched. */
  readonly upkeep: string;
  /** Notes of transfers to peripherals. */
  readonly firmware: string;
}

/** @param state the folder asked for; else COUNTERTAP_STATE; else var/ of the installation */
export const placesIn = (state: string | undefined): Places => {
  const root = state ?? process.env['COUNTERTAP_STATE'] ?? join(INSTALLATION, 'var');
  return {
    state: root,
    controlSocket: join(root, 'run', 'countertap.sock'),
    acquirerState: join(root, 'acquirer'),
    acquirerSocket: join(root, 'run', 'acquirer.sock'),
    walletsState: join(root, 'wallets'),
    walletsSocket: join(root, 'run', 'wallets.sock'),
    cards: join(root, 'cards'),
    log: join(root, 'log', 'terminal.log'),
    journal: join(root, 'journal', 'journal.db'),
    keys: join(root, 'keys'),
    people: join(root, 'people', 'people.db'),
    console: join(root, 'console'),
    configuration: join(root, 'run', 'configuration'),
    upkeep: join(root, 'upkeep'),
    firmware: join(root, 'firmware'),
  };
};
