import type { UntrustedReason } from '#ports/trusted-source.ts';
import type { RefusalReason } from './refusal.ts';

/** What a worker is to do, in a process of its own. */
export interface Job {
  /** `look`: what is offered, and nothing is fetched. */
  readonly do: 'look' | 'install';
  /** An HTTPS address, a folder or a file; the configuration's own address when absent. */
  readonly from?: string;
  /** Also what failed here before: staff say so. */
  readonly evenIfFailed: boolean;
}

/** How far a worker has come. */
export type Progress =
  | { readonly event: 'looking' }
  | {
      readonly event: 'fetching';
      readonly version: string;
      readonly bytes: number;
      readonly of: number;
    }
  | { readonly event: 'installing'; readonly version: string };

/** What came of it. */
export type Outcome =
  | { readonly outcome: 'nothingOffered' | 'upToDate' }
  | { readonly outcome: 'offered' | 'ready'; readonly version: string }
  | { readonly outcome: 'failedBefore'; readonly version: string; readonly why: string }
  | { readonly outcome: 'untrusted'; readonly reason: UntrustedReason; readonly why: string }
  | {
      readonly outcome: 'refused';
      readonly reason: RefusalReason;
      readonly why: string;
      readonly version?: string;
    }
  /** The worker itself came to nothing. */
  | { readonly outcome: 'broken'; readonly why: string };

/** One sentence for staff; undefined where all is well. */
export const problemOf = (outcome: Outcome): string | undefined => {
  switch (outcome.outcome) {
    case 'untrusted':
      return `${outcome.reason}: ${outcome.why}`;
    case 'refused':
      return `refused (${outcome.reason}): ${outcome.why}`;
    case 'broken':
      return outcome.why;
    case 'failedBefore':
      return (
        `${outcome.version} is offered and failed here: ${outcome.why}; it is tried again when ` +
        'staff order it'
      );
    case 'nothingOffered':
    case 'upToDate':
    case 'offered':
    case 'ready':
      return undefined;
  }
};
