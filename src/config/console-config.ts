import * as v from 'valibot';
import { port, text } from './pieces.ts';

const path = v.exactOptional(text(4096, 'a path'));

/** Where staff reach their console. */
export const consoleConfig = v.pipe(
  v.strictObject({
    /** An address to listen on; this machine alone unless stated. */
    host: v.optional(text(253, 'an address to listen on'), '127.0.0.1'),
    port: v.optional(port, 8444),
    /** What the shop's network calls this machine, for the certificate and against strangers. */
    names: v.optional(v.array(text(253, 'a name'), 'a list of names'), []),
    /** PEM files; relative paths start at this configuration's folder. Made here unless stated. */
    certificate: path,
    privateKey: path,
  }),
  v.forward(
    v.check(
      ({ certificate, privateKey }) => (certificate === undefined) === (privateKey === undefined),
      'certificate and privateKey, or neither',
    ),
    ['privateKey'],
  ),
);
