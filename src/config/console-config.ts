import * as v from 'valibot';
import { port, text } from './pieces.ts';

const NAME = 'a host name in small letters, such as "till-3.shop.example"';

/**
 * Where the staff's console is served: on this machine alone unless stated. Relative paths start
 * at the configuration's folder.
 */
export const consoleSection = v.strictObject({
  host: v.optional(text(253, 'an address to listen on'), '127.0.0.1'),
  port: v.optional(port, 8444),
  /** What this machine is called in the shop's network, beside its own name. */
  names: v.optional(
    v.array(v.pipe(v.string(NAME), v.regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, NAME))),
    [],
  ),
  /** PEM files of the shop's own; one is made unless stated. */
  certificate: v.optional(
    v.strictObject({
      certificate: text(4096, 'the path of a certificate'),
      privateKey: text(4096, 'the path of its private key'),
    }),
  ),
});

export type ConsoleConfig = v.InferOutput<typeof consoleSection>;
