import type { Credentials, HostAddress, TlsOptions } from './options.ts';

export type Door = HostAddress & Credentials;

/** All doors of the host, the primary first. */
export const doorsOf = ({ backups = [], ...primary }: TlsOptions): readonly [Door, ...Door[]] => [
  primary,
  ...backups.map((backup) => {
    const { authorityPath, certificatePath, keyPath } = primary;
    return { authorityPath, certificatePath, keyPath, ...backup };
  }),
];

export const nameOf = ({ host, port }: HostAddress): string => `${host}:${port}`;

/** How a connection, or the attempt at one, ended. */
export interface Ending {
  readonly why: string;
  /** It may have been chance: the same door is worth another attempt. */
  readonly chance: boolean;
  /** At least one message came over it. */
  readonly heard: boolean;
}

export interface Turn {
  /** Which door: its place in the list. */
  readonly at: number;
  /** Attempts in a row that ended at this door by chance. */
  readonly tries: number;
}

export const firstTurn: Turn = { at: 0, tries: 0 };

/**
 * Which door is tried next: after a connection that worked the primary, unless it was the primary
 * itself that fell silent; after a refusal, or as many attempts as are worth while, the next in the
 * list, and round again.
 */
export const nextTurn = (
  { at, tries }: Turn,
  { heard, chance }: Ending,
  doors: number,
  attemptsEach: number,
): Turn => {
  if (heard && (chance || at !== 0)) return firstTurn;
  if (chance && tries + 1 < attemptsEach) return { at, tries: tries + 1 };
  return { at: (at + 1) % doors, tries: 0 };
};
