import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ConfigProblem, configProblem } from '#config/problem.ts';
import type { TerminalConfig } from '#config/terminal-config.ts';

type Connection = TerminalConfig['host']['connection'];

/**
 * What is wrong with the first PEM file of the host connection that can't be used; undefined when
 * all can, or the connection needs none. Looked at when the terminal starts, because TLS would
 * only find out at the first connection.
 * @param folder the configuration's, where relative paths start
 * @param source the name of its terminal.json, for the message
 */
export const pemProblem = (
  folder: string,
  source: string,
  connection: Connection,
): ConfigProblem | undefined => {
  if (connection.kind !== 'tls') return undefined;
  for (const key of ['certificationAuthority', 'certificate', 'privateKey'] as const) {
    const path = resolve(folder, connection[key]);
    const why = whyNot(path, key === 'privateKey' ? privateKey : certificate);
    if (why === undefined) continue;
    const found = `${JSON.stringify(path)}: ${why}`;
    return configProblem(source, `host.connection.${key}`, 'a PEM file that can be read', found);
  }
  return undefined;
};

interface Content {
  readonly name: string;
  /** Throws when the text is none. */
  readonly parse: (pem: string) => unknown;
}

const certificate: Content = {
  name: 'certificate',
  parse: (pem) => new X509Certificate(pem),
};

// With a passphrase it is none to us: nobody stands by to type one.
const privateKey: Content = {
  name: 'private key (without a passphrase)',
  parse: (pem) => createPrivateKey(pem),
};

// No reason but our own: a library's could quote a key.
const whyNot = (path: string, { name, parse }: Content): string | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  }
  try {
    parse(text);
    return undefined;
  } catch {
    return `no ${name} in PEM`;
  }
};
