import type { Finding } from '#ports/finding.ts';
import { finding } from './say.ts';

export type CertificateCheck =
  | 'hostCertificate'
  | 'hostAuthority'
  | 'consoleCertificate'
  | 'tillCertificate'
  | 'walletCertificate';

/** One PEM file that the configuration names, as it was found. Nothing of its contents. */
export interface SeenFile {
  /** As people call it: "The host's certificate". */
  readonly what: string;
  readonly path: string;
  readonly seen:
    | { readonly problem: string }
    /** A key alone, or one of the wallets' public keys. */
    | { readonly dated: false }
    | {
        readonly dated: true;
        readonly notBeforeMs: number;
        readonly notAfterMs: number;
        /** Whether it belongs to the private key beside it; true where none is. */
        readonly matchesKey: boolean;
      };
}

/** From here on somebody has to be asked for a new one: authorities take their time. */
export const SOON_MS = 30 * 86_400_000;

/** The worst of these files decides; where all are well, the one that expires first is named. */
export const certificateFinding = (
  check: CertificateCheck,
  files: readonly SeenFile[],
  nowMs: number,
): Finding => {
  const judged = files.map((file) => judge(check, file, nowMs));
  const worst = judged.toSorted((a, b) => a.rank - b.rank || a.untilMs - b.untilMs)[0];
  return worst?.finding ?? finding(check, 'notUsed');
};

interface Judged {
  readonly rank: number;
  readonly untilMs: number;
  readonly finding: Finding;
}

const judge = (check: CertificateCheck, file: SeenFile, nowMs: number): Judged => {
  const { what, path, seen } = file;
  const as = (rank: number, untilMs: number, one: Finding) => ({ rank, untilMs, finding: one });
  if ('problem' in seen) {
    return as(0, 0, finding(check, 'unreadable', { what, path, why: seen.problem }));
  }
  if (!seen.dated) return as(6, Number.POSITIVE_INFINITY, finding(check, 'keyAlone', { what }));
  const { notBeforeMs, notAfterMs: untilMs, matchesKey } = seen;
  const until = dayWords(untilMs);
  if (!matchesKey) return as(1, untilMs, finding(check, 'otherKey', { what, path }));
  if (untilMs < nowMs) return as(2, untilMs, finding(check, 'expired', { what, path, until }));
  if (notBeforeMs > nowMs) {
    return as(3, untilMs, finding(check, 'notYet', { what, path, from: dayWords(notBeforeMs) }));
  }
  if (untilMs < nowMs + SOON_MS) {
    const days = Math.floor((untilMs - nowMs) / 86_400_000);
    return as(4, untilMs, finding(check, 'soon', { what, path, until, days }));
  }
  return as(5, untilMs, finding(check, 'well', { what, until }));
};

const dayWords = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
