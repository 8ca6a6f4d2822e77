/** Metrics in Prometheus' form, on the loopback interface. */

export type { Distribution, Family, Histogram, Labels, Plain, Sample } from './families.ts';
export { type Metrics, type MetricsOptions, openMetrics } from './server.ts';
