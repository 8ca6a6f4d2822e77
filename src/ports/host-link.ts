import type { Observable } from 'rxjs';
import type { Fault } from './fault.ts';

export type LinkState =
  | { readonly link: 'up'; readonly peer: string }
  | { readonly link: 'down'; readonly why: Fault };

/** A connection to the acquirer's host that keeps itself up. Frames in, frames out. */
export interface HostLink {
  /** Replays the present state, then each change. Never errors. */
  readonly state$: Observable<LinkState>;
  /** Each message that arrived, without its length header. Never errors. */
  readonly received$: Observable<Uint8Array>;
  /** Hands one message to the network. Resolves to a Fault `linkDown` when it can't be sent. */
  send(message: Uint8Array): Promise<Fault | undefined>;
  /** Somebody is about to need it: connects now instead of after the pause, if it is down. */
  hurry?(): void;
  close(): Promise<void>;
}
