import type { Program } from '../process/child.ts';
import type { CertificatePaths } from './certificates.ts';
import type { KeyPaths } from './keys.ts';
import { argumentsOf, type HostOptions } from './options.ts';

export interface ChildOptions extends HostOptions {
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Path of the control socket. */
  readonly control: string;
  /** Where its log goes: 'pipe' to read it, 'inherit' for ours, 'ignore' for nowhere. */
  readonly log: 'pipe' | 'inherit' | 'ignore';
  readonly readyWithinMs?: number;
}

/** What the process says once it listens. */
export interface AcquirerReady {
  readonly port: number;
  readonly certificates: CertificatePaths;
  readonly keys: KeyPaths;
}

/** The acquirer as a program. */
export const acquirerProgram = (options: ChildOptions): Program<AcquirerReady> => ({
  name: 'acquirer',
  script: new URL('main.ts', import.meta.url),
  argumentsFor: (previous) => [
    ...['--state-dir', options.stateDir, '--port', String(previous?.port ?? options.port)],
    ...['--control', options.control, ...argumentsOf(options)],
  ],
  log: options.log,
  readyWithinMs: options.readyWithinMs,
});
