import * as v from 'valibot';
import { port } from './pieces.ts';

/** Where Prometheus finds the terminal's numbers: on this machine alone, always. */
export const metricsSection = v.strictObject({ port });
