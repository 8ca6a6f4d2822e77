import * as v from 'valibot';
import { peripheralsSection } from './peripherals-config.ts';
import { text, wholeNumber } from './pieces.ts';

const ADDRESS = 'an address such as "https://updates.example/countertap/"';

const repository = v.pipe(
  v.string(ADDRESS),
  v.check((value) => URL.parse(value)?.protocol === 'https:' && value.length <= 2000, ADDRESS),
);

const NAME = 'a name of small letters, digits and hyphens, 1 to 40 characters';
/** It becomes a part of paths in the repository. */
const name = v.pipe(v.string(NAME), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, NAME));

const TIME = 'a time of day such as "02:00"';
const timeOfDay = v.pipe(v.string(TIME), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, TIME));

const MINUTES = 'minutes (0.05 to 1440)';
const minutes = v.pipe(
  v.number(MINUTES),
  v.check((value) => value >= 0.05 && value <= 1440, MINUTES),
);

/** Where updates come from and when they are made; relative paths start at this folder. */
export const upkeepSection = v.strictObject({
  /** Nothing comes over the net unless stated; sticks and files do by hand. */
  repository: v.optional(repository),
  /** A PEM file, for a repository whose certificate no public authority has signed. */
  certificationAuthority: v.optional(text(4096, 'the path of a certificate')),
  /** The maker's first root.json, which all trust begins with. */
  root: v.optional(text(4096, 'the path of a root.json'), 'trust/root.json'),
  channel: v.optional(name, 'stable'),
  store: v.optional(name),
  /**
   * When a release that is ready becomes the one that runs, by the shop's clocks (see
   * acceptance.timeZone). From a time to the same: the whole day.
   */
  window: v.optional(
    v.strictObject({
      from: v.optional(timeOfDay, '02:00'),
      to: v.optional(timeOfDay, '05:00'),
    }),
    {},
  ),
  lookEveryHours: v.optional(wholeNumber(1, 168, 'hours'), 4),
  /** How long a new release must run, healthy, before it is kept. */
  probationMinutes: v.optional(minutes, 10),
  /** A new release that isn't healthy by then starts again; at 120 the launcher ends it. */
  healthyWithinSeconds: v.optional(wholeNumber(3, 110, 'seconds'), 60),
  /** Devices whose firmware is loaded; none unless stated. */
  peripherals: v.optional(peripheralsSection, []),
});

export type UpkeepConfig = v.InferOutput<typeof upkeepSection>;
