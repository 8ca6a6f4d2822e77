import type { Framer } from '#iso8583/index.ts';
import { type Connection, openConnection } from './connection.ts';
import { type Door, doorsOf, type Ending, firstTurn, nextTurn, type Turn } from './doors.ts';
import { type TlsOptions, type TlsSettings, tlsDefaults } from './options.ts';
import { createQuiet, type Quiet } from './quiet.ts';
import { createTroubles, type Troubles } from './troubles.ts';

/** Keeps one connection up, to the primary whenever it can. */
export interface Switchboard {
  /** False when there is no connection that can take it. */
  write(framed: Uint8Array): boolean;
  /** Ends the pause before the next attempt. */
  hurry(): void;
  /** Resolves when nothing is open any more. */
  close(): Promise<void>;
}

export interface SwitchboardEvents {
  /** Also when one connection takes the place of another; then nobody waits for an answer. */
  up(peer: string): void;
  /** At each attempt that failed. */
  down(why: string): void;
  message(bytes: Uint8Array): void;
}

export const createSwitchboard = (
  options: TlsOptions,
  framer: Framer,
  events: SwitchboardEvents,
): Switchboard => {
  const settings: TlsSettings = { ...tlsDefaults, ...options };
  const doors = doorsOf(options);
  const closing = new AbortController();
  const board: Board = {
    settings,
    doors,
    framer,
    events,
    closing,
    troubles: createTroubles(doors),
    quiet: createQuiet(settings),
    lines: new Set(),
    turn: firstTurn,
    failures: 0,
  };
  attempt(board);
  return {
    write: (framed) => {
      const written = board.current?.open?.connection.write(framed) === true;
      if (written) board.quiet.sent();
      return written;
    },
    hurry: () => {
      if (board.retry !== undefined && !closing.signal.aborted) attempt(board);
    },
    close: async () => {
      clearTimeout(board.retry);
      clearTimeout(board.home);
      await new Promise<void>((resolve) => {
        board.finished = resolve;
        closing.abort();
        if (board.lines.size === 0) resolve();
      });
    },
  };
};

/** A connection, or the attempt at one. */
interface Line {
  /** Which door it goes to: 0 is the primary. */
  readonly at: number;
  /** Set while it is up. */
  open?: { readonly connection: Connection; readonly protocol: string };
}

interface Board {
  readonly settings: TlsSettings;
  readonly doors: readonly [Door, ...Door[]];
  readonly framer: Framer;
  readonly events: SwitchboardEvents;
  readonly closing: AbortController;
  readonly troubles: Troubles;
  readonly quiet: Quiet;
  /** All that are not over. */
  readonly lines: Set<Line>;
  /** The one that messages go over, or that is being tried. */
  current?: Line | undefined;
  /** While we are with a backup: the primary, tried beside it. */
  homeward?: Line | undefined;
  turn: Turn;
  failures: number;
  /** The pause before the next attempt. */
  retry?: NodeJS.Timeout | undefined;
  /** The wait for the next look at the primary, or for a quiet moment to change over. */
  home?: NodeJS.Timeout | undefined;
  finished?: () => void;
}

const attempt = (board: Board): void => {
  clearTimeout(board.retry);
  board.retry = undefined;
  board.current = open(board, board.turn.at);
};

const open = (board: Board, at: number): Line => {
  const { doors, framer, settings, closing, lines } = board;
  const line: Line = { at };
  lines.add(line);
  const { signal } = closing;
  void openConnection(
    doors[at] ?? doors[0],
    { ...settings, framer, signal },
    {
      up: (connection, protocol) => {
        line.open = { connection, protocol };
        if (line === board.current) announce(board);
        else waitForQuiet(board);
      },
      message: (bytes) => {
        // In TLS 1.3 a host refuses our certificate only after we think that we are connected.
        // So it takes a message to believe that the trouble is over.
        board.failures = 0;
        board.troubles.over(at);
        board.quiet.heard();
        board.events.message(bytes);
      },
      down: (ending) => {
        lines.delete(line);
        delete line.open;
        if (!closing.signal.aborted) ended(board, line, ending);
        else if (lines.size === 0) board.finished?.();
      },
    },
  );
  return line;
};

const announce = (board: Board): void => {
  const { current } = board;
  if (current?.open === undefined) return;
  board.quiet.start();
  clearTimeout(board.home);
  if (current.at !== 0) lookHomeLater(board);
  board.events.up(board.troubles.peer(current.at, current.open.protocol));
};

const lookHomeLater = (board: Board): void => {
  const look = () => {
    board.homeward = open(board, 0);
  };
  board.home = setTimeout(look, spread(board.settings.homeAfterMs));
};

/** Also the time for which the primary has to hold the connection: it may not like us yet. */
const waitForQuiet = (board: Board): void => {
  const changeOver = () => {
    if (!board.quiet.now()) {
      waitForQuiet(board);
      return;
    }
    const backup = board.current;
    board.current = board.homeward;
    board.homeward = undefined;
    board.turn = firstTurn;
    announce(board);
    backup?.open?.connection.end('the primary is back');
  };
  board.home = setTimeout(changeOver, board.settings.quietMs);
};

const ended = (board: Board, line: Line, ending: Ending): void => {
  const { troubles, homeward, settings } = board;
  if (line !== board.current && line !== homeward) return;
  troubles.happened(line.at, ending.why);
  clearTimeout(board.home);
  board.homeward = undefined;
  if (line === homeward) {
    lookHomeLater(board);
    return;
  }
  board.events.down(troubles.all());
  board.current = homeward;
  if (homeward === undefined) {
    board.turn = nextTurn(board.turn, ending, board.doors.length, settings.attemptsEach);
    board.retry = setTimeout(attempt, pauseMs(board.failures++, settings.retryAfterMs), board);
  } else {
    board.turn = firstTurn;
    announce(board);
  }
};

const pauseMs = (failures: number, { first, last }: { first: number; last: number }): number =>
  spread(Math.min(last, first * 2 ** Math.min(failures, 20)));

// Half of a pause is left to chance, so that a shop's terminals don't all come back at once.
const spread = (ms: number): number => ms * (0.5 + Math.random() / 2);
