/** What one check of the doctor has found. */
export interface Finding {
  /** The check's own name, such as "reader" or "hostCertificate"; it never changes. */
  readonly check: string;
  /** `notUsed`: this terminal has none of it, and that is as it should be. */
  readonly verdict: 'well' | 'notUsed' | 'attention' | 'wrong';
  /** One sentence: what is so. No account data, no secret. */
  readonly found: string;
  /** One sentence: what a technician does about it. There for `attention` and `wrong` alone. */
  readonly remedy?: string;
}

/** Looks at one thing and changes nothing. It never rejects, and ends when `signal` says so. */
export type Probe = (signal: AbortSignal) => Promise<Finding>;
