import type { CounterTop } from './counter-top.ts';
import type { Disk } from './disk.ts';
import type { HostSide } from './host-side.ts';
import type { Random } from './random.ts';
import type { Agenda } from './time.ts';
import type { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

/** What every part of a simulation has in common. */
export interface World {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly watch: Watch;
  /** The host's clock, which is right. */
  wallMs(): number;
  /** The terminal's, which may be set at any moment. */
  terminalWallMs(): number;
  /** As it is now: calm once the run is being ended. */
  weather(): Weather;
  count(what: string): void;
  trace(who: string, what: string, detail?: unknown): void;
  /** The terminal's process ends here; another one starts after a while. */
  crash(why: string): void;
  /** Whether the process ends at this moment of its work. */
  cutsAt(moment: 'send' | 'show' | 'tell'): boolean;
  /** The connection between terminal and host ends. */
  cut(why: string): void;
}

/** What stays when a process of the terminal ends. */
export interface Surroundings {
  readonly disk: Disk;
  readonly counterTop: CounterTop;
  readonly host: HostSide;
}
