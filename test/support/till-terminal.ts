import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tillKeysPath } from '#cli/opening/till-places.ts';
import { call } from '#drivers/control/index.ts';
import { addKey } from '#drivers/till/key-file.ts';
import { isFault } from '#ports/fault.ts';
import type { DisplayAnswer } from '#ports/shopper-question.ts';
import type { AdyenTillOptions } from './adyen-till.ts';
import { type DisplayWatch, watchViews } from './display-watch.ts';
import { type RunningTerminal, runTerminal } from './running-terminal.ts';
import { terminalCertificates } from './terminal-certificates.ts';

/** A whole terminal, as a process of its own, that tills can reach. */
export interface TillTerminal {
  readonly terminal: RunningTerminal;
  /** Where tills reach it; port 8443 of an address that nobody else has. */
  readonly till: Pick<AdyenTillOptions, 'host' | 'secured'>;
  /** Waits until a card is asked for and holds this one there. */
  present(card: string): Promise<void>;
  /** The same, and resolves as soon as the display shows this screen. */
  presentUntil(card: string, screen: string): Promise<void>;
  /** Resolves when the display shows this screen, from now on. */
  shows(screen: string): Promise<void>;
  /** Waits until something is asked on the display that was not asked before. */
  asked(): Promise<unknown>;
  /** Waits until something is asked on the display, and answers as a shopper does. */
  touch(answer: DisplayAnswer): Promise<void>;
  close(): Promise<void>;
}

export interface TillTerminalOptions {
  /** Plain messages are taken, and none that is encrypted. */
  readonly plain: boolean;
  /** The device file of a printer. */
  readonly printer?: string;
}

/** Starts it, ready for a till. */
export const runTillTerminal = async (options: TillTerminalOptions): Promise<TillTerminal> => {
  const host = `127.78.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;
  const certificates = await terminalCertificates();
  let folder = '';
  const terminal = await runTerminal({
    reader: 'in-process',
    config: {
      payment: { cardTimeoutSeconds: 20, resultSeconds: 1 },
      ...(options.printer === undefined ? {} : printers(options.printer)),
      till: tillSection(host, options.plain),
    },
    prepare: async (state) => {
      folder = state;
      const write = (name: string, text: string) =>
        writeFileSync(join(state, 'config', name), text);
      write('till-root.pem', certificates.root);
      write('till.pem', certificates.leaf);
      write('till-key.pem', certificates.leafKey);
      const added = options.plain ? undefined : await addKey(tillKeysPath({ state }), SHARED_KEY);
      if (isFault(added)) throw new Error(added.detail);
    },
  });
  const rootFile = join(folder, 'config', 'till-root.pem');
  const display = watchViews(terminal.displayUrl);
  const hold = (card: string) =>
    call(join(folder, 'run', 'countertap.sock'), { op: 'tap', card, holdMs: 400 });
  return {
    terminal,
    till: { host, ...(options.plain ? {} : { secured: { key: KEY, rootFile } }) },
    present: async (card) => {
      await display.shows('presentCard');
      await hold(card);
    },
    presentUntil: async (card, screen) => {
      await display.shows('presentCard');
      const shown = display.shows(screen);
      // Who waits for the card to be taken away comes too late for what happens meanwhile.
      void hold(card);
      await shown;
    },
    shows: display.shows,
    ...questionsOn(terminal, display),
    close: async () => {
      display.close();
      await terminal.close();
    },
  };
};

const KEY = {
  AdyenCryptoVersion: 1,
  KeyIdentifier: 'counter',
  KeyVersion: 1,
  Passphrase: 'correct horse battery staple',
};

const SHARED_KEY = {
  identifier: KEY.KeyIdentifier,
  version: KEY.KeyVersion,
  cryptoVersion: KEY.AdyenCryptoVersion,
  passphrase: KEY.Passphrase,
};

const printers = (path: string) => ({
  devices: { printers: [{ kind: 'serial', path, columns: 42 }] },
});

/** The section of terminal.json about tills. Paths start at the configuration's folder. */
const tillSection = (host: string, plain: boolean) => ({
  ...{ host, port: 8443, plain, page: false, poiId: 'V400m-123456789' },
  certificate: { certificate: 'till.pem', privateKey: 'till-key.pem' },
});

/** Waits for questions, each once, and sends what the page sends when a shopper answers. */
const questionsOn = ({ displayUrl }: RunningTerminal, display: DisplayWatch) => {
  // For a moment a question that has ended is still to be seen.
  const seen = new Set<string>();
  const asked = async () => {
    const { run, view } = await display.until(
      ({ view: shown }) => shown?.question !== undefined && !seen.has(shown.question.id),
    );
    const id = view?.question?.id ?? '';
    seen.add(id);
    return { run, id };
  };
  const touch = async (answer: DisplayAnswer): Promise<void> => {
    const question = await asked();
    const sent = await fetch(new URL('answer', displayUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(displayUrl).origin },
      body: JSON.stringify({ ...question, answer }),
    });
    if (!sent.ok) throw new Error(`the display's answer was not taken: ${sent.status}`);
  };
  return { asked, touch };
};
