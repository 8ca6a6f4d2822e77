// table: what went wrong with a connection, in words for the person who has to mend it.

/**
 * One sentence for an operator. `error` is what Node's tls, net, dns or fs gave us.
 * @param host "localhost:5001", to say whom it is about
 */
export const reasonOf = (error: unknown, host: string): string => {
  const { code, message } = asError(error);
  const text = reasons.find(([pattern]) => pattern.test(code))?.[1];
  return text === undefined
    ? `${host}: ${code === '' ? message : code}`
    : text.replaceAll('HOST', host);
};

/** Whether the same may go well at the next attempt: nobody has refused anything. */
export const mayBeChance = (error: unknown): boolean =>
  /^(ETIMEDOUT|ECONNRESET|ECONNABORTED|EPIPE|EAI_AGAIN)$/.test(asError(error).code);

const asError = (error: unknown): { readonly code: string; readonly message: string } => {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
};

const UNTRUSTED =
  "HOST's certificate is not from the authority this terminal trusts: " +
  'it may be another host, or the authority file is the wrong one';

// Codes of Node (ERR_…), of OpenSSL's X.509 verification, of its TLS alerts, and of the system.
// biome-ignore format: a row stays on its line
const reasons: readonly (readonly [RegExp, string])[] = [
  // The host's certificate, checked by us.
  [/^CERT_HAS_EXPIRED$/, "HOST's certificate has expired: the host needs a new one, or this machine's clock is wrong"],
  [/^CERT_NOT_YET_VALID$/, "HOST's certificate is not valid yet: this machine's clock may be wrong"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "HOST's certificate is for another name: check host and server name in the configuration"],
  [/^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/, UNTRUSTED],
  [/^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/, UNTRUSTED],
  [/^(CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)$/, UNTRUSTED],
  [/^INVALID_PURPOSE$/, "HOST's certificate was not issued for a server: refused"],
  // Versions.
  [/^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|TLSV1_ALERT_INSUFFICIENT_SECURITY)$/, 'HOST offers only a TLS version before 1.3: refused'],
  [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE)$/, 'HOST does not speak TLS on this port'],
  // Our certificate, refused by the host with an alert.
  [/^ERR_SSL_.*ALERT_(CERTIFICATE_REQUIRED|NO_CERTIFICATE)$/, 'HOST wants a client certificate and got none: check the certificate file'],
  [/^ERR_SSL_.*ALERT_(UNKNOWN_CA|DECRYPT_ERROR)$/, "HOST does not know the authority of this terminal's certificate"],
  [/^ERR_SSL_.*ALERT_CERTIFICATE_EXPIRED$/, "HOST says that this terminal's certificate has expired"],
  [/^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/, "HOST refuses this terminal's certificate"],
  // Our files.
  [/^(ERR_OSSL_X509_KEY_VALUES_MISMATCH)$/, "this terminal's private key does not belong to its certificate"],
  [/^(ERR_OSSL_.*|ERR_CRYPTO_.*)$/, "a certificate or key file of this terminal can't be read as PEM"],
  [/^(ENOENT|EACCES|EISDIR)$/, "a certificate or key file of this terminal is missing or may not be read"],
  // The network.
  [/^ECONNREFUSED$/, 'HOST refuses connections: is it running?'],
  [/^(ENOTFOUND|EAI_AGAIN|EAI_.*)$/, 'the name of HOST is not known: check the name and the network'],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL)$/, 'no way to HOST: check the network'],
  [/^ETIMEDOUT$/, 'HOST does not answer'],
  [/^(ECONNRESET|EPIPE|ERR_STREAM_WRITE_AFTER_END|ECONNABORTED)$/, 'HOST closed the connection'],
];
