import { paddingLength, wrapKey } from '#crypto/key-block.ts';
import type { KeyBlockHeader } from '#crypto/key-block-header.ts';
import { good } from './outcomes.ts';

/** The header of an AES DUKPT initial key, but for what is changed. */
export const header = (changed: Partial<KeyBlockHeader> = {}): KeyBlockHeader => ({
  version: 'D',
  usage: 'B1',
  algorithm: 'A',
  modeOfUse: 'X',
  keyVersion: '00',
  exportability: 'N',
  context: '00',
  optionalBlocks: [],
  ...changed,
});

/** A key block with zeros for padding. */
export const wrapped = (protection: Uint8Array, of: KeyBlockHeader, key: Uint8Array): string =>
  good(wrapKey(protection, of, key, new Uint8Array(paddingLength(of, key.length))));
