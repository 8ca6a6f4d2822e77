import { type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import type { Distribution, Family, Histogram, Sample } from './families.ts';

export interface Exposition {
  /** The value of Content-Type that goes with `text`. */
  readonly contentType: string;
  text(families: readonly Family[]): Promise<string>;
}

/**
 * Families in Prometheus' text format 0.0.4. prom-client escapes and orders; what it would count
 * itself was counted before it was loaded, so it is given the numbers.
 */
export const createExposition = (): Exposition => ({
  contentType: Registry.PROMETHEUS_CONTENT_TYPE,
  text: (families) => {
    const registry = new Registry();
    for (const family of families) {
      // A registry asks a metric for its name and its values, and for nothing else.
      const metric = { name: family.name, get: async () => objectOf(family) };
      registry.registerMetric(metric as unknown as Parameters<Registry['registerMetric']>[0]);
    }
    return registry.metrics();
  },
});

const objectOf = (family: Family): MetricObjectWithValues<MetricValue<string>> =>
  ({
    ...{ name: family.name, help: family.help, type: family.type, aggregator: 'sum' },
    values: family.type === 'histogram' ? bucketsOf(family) : family.samples.map(sampleOf),
  }) as unknown as MetricObjectWithValues<MetricValue<string>>;

const sampleOf = ({ labels = {}, value }: Sample) => ({
  labels,
  value,
});

// A bucket holds all that is at most its bound, those of the buckets before it too.
const bucketsOf = ({ name, bounds, distributions }: Histogram) =>
  distributions.flatMap((distribution: Distribution) => {
    const { labels = {}, counts, count, sum } = distribution;
    let upTo = 0;
    const buckets = bounds.map((bound, i) => {
      upTo += counts[i] ?? 0;
      return {
        metricName: `${name}_bucket`,
        labels: { ...labels, le: String(bound) },
        value: upTo,
      };
    });
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
