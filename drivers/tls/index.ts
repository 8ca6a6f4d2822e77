/** The acquirer's host over TLS 1.3 with certificates on both sides: fills ports/host-link.ts. */
export { createTlsLink } from './link.ts';
export { type Credentials, type HostAddress, type TlsOptions, tlsDefaults } from './options.ts';
