import type { CheckName, Diagnosis } from '#doctor/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { placesIn } from '../places.ts';
import type { DoctorSurroundings } from './doctor-running.ts';

/** The doctor of a running terminal. */
export interface Doctor {
  /** Looks at everything, or at these alone; at most ten seconds. Never rejects. */
  examine(only?: readonly CheckName[]): Promise<Diagnosis>;
}

/** Loads nothing before somebody asks: an idle terminal keeps its memory. */
export const openDoctor = (
  { configuration, state }: { readonly configuration: Configuration; readonly state?: string },
  sights: Omit<DoctorSurroundings, 'configuration' | 'places'>,
): Doctor => ({
  examine: async (only) => {
    const { examineRunning } = await import('./doctor-running.ts');
    return examineRunning({ ...sights, configuration, places: placesIn(state) }, only);
  },
});
