import type { Untrusted, UntrustedReason } from '#ports/trusted-source.ts';
import { Refused } from './place.ts';

/** What is needed to say more about a failed look than tuf-js's own words. */
export interface Circumstances {
  readonly where: string;
  /** The fetcher's last trouble: tuf-js keeps the words of an error and loses the error. */
  readonly trouble?: Untrusted | undefined;
  /** When the newest metadata of a role that we met ends; ISO 8601. */
  expiryOf(role: string): string | undefined;
  readonly nowMs: number;
}

/** Why a look failed, in the words of the port. An error that no line knows is "unreadable". */
export const reasonOf = (error: unknown, about: Circumstances): Untrusted => {
  if (error instanceof Refused) return error.why;
  if (about.trouble) return about.trouble;
  const text = error instanceof Error ? error.message : String(error);
  const expired = /(\w[\w.-]*)\.json is expired/.exec(text)?.[1];
  if (expired !== undefined) return expiredBecause(decodeURIComponent(expired), about);
  const [, untrusted, what] = ROWS.find(([pattern]) => pattern.test(text)) ?? OTHERWISE;
  return { untrusted, detail: `${about.where} ${what} (${said(text)})` };
};

/** Metadata that ended: by this machine's clock, which may be what is wrong. */
const expiredBecause = (role: string, about: Circumstances): Untrusted => {
  const until = about.expiryOf(role) ?? 'a date before that';
  const now = new Date(about.nowMs).toISOString();
  const detail =
    `${role}.json of ${about.where} ended on ${until}, and this machine's clock says ${now}: ` +
    'set the clock if it is wrong, else ask the maker for a newer one';
  return { untrusted: 'expired', detail };
};

const said = (text: string): string =>
  text.replace(/^(?:Unable to load \w+(?: metadata)? error )?(?:\w*Error: )?/, '').slice(0, 160);

type Row = readonly [pattern: RegExp, untrusted: UntrustedReason, what: string];

// The messages of tuf-js 6 and @tufjs/models 5, which are all that is left of their errors.
const ROWS: readonly Row[] = [
  [/Failed to persist|ENOSPC|EROFS|EDQUOT/, 'disk', "is fine, but this machine's disk isn't"],
  [/signed by \d+\/\d+ keys/, 'signature', 'is signed by too few of the keys that count'],
  [/is less than current version/, 'rollback', 'is older than what this terminal has seen'],
  [/^Missing file .* in new snapshot/, 'rollback', 'no longer knows a role that it knew'],
  [/Expected version \d+, got \d+/, 'rollback', 'has a root that is not the next one'],
  [/Expected (?:length|hash)/, 'mixAndMatch', 'has parts that were never together'],
  [/match timestamp|does not match snapshot/, 'mixAndMatch', 'has parts that were never together'],
  [/Missing .*in snapshot|reading '(?:length|version)'/, 'mixAndMatch', 'lacks a role it names'],
];
const OTHERWISE: Row = [/^/, 'unreadable', 'is no repository that this terminal can read'];
