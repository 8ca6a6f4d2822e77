import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { initialKey } from '#crypto/dukpt-aes.ts';
import { paddingLength, wrapKey } from '#crypto/key-block.ts';
import type { KeyBlockHeader } from '#crypto/key-block-header.ts';
import { type Fault, isFault } from '#ports/fault.ts';

/** Keys of a host and one of its terminals: none of them is anybody's. */
export const TRANSPORT = hex('101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F');
export const BDK = hex('A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF');
export const KEY_ID = hex('1234567800000042');
export const CMAC_KEY = hex('C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF');
export const RETAIL_KEY = hex('D0D1D2D3D4D5D6D7E8E9EAEBECEDEEEF');

/** The value, where the test says that all is well. */
export const sound = <T>(value: T | Fault | Malformed): T => {
  if (isFault(value)) throw new Error(value.detail);
  if (isMalformed(value)) throw new Error(value.problem);
  return value;
};

/** A host's initial key for a terminal. */
export const initial = (id: Uint8Array = KEY_ID, bdk: Uint8Array = BDK): Uint8Array =>
  sound(initialKey(bdk, id));

/** A key block as the host makes it: an initial key unless it says otherwise. */
export const block = (
  key: Uint8Array,
  change: Partial<KeyBlockHeader> = {},
  under: Uint8Array = TRANSPORT,
): string => {
  const header: KeyBlockHeader = {
    ...{ version: 'D', usage: 'B1', algorithm: 'A', modeOfUse: 'X' },
    ...{ keyVersion: '00', exportability: 'N', context: '00' },
    optionalBlocks: [],
    ...change,
  };
  const padding = new Uint8Array(paddingLength(header, key.length)).fill(0x5a);
  return sound(wrapKey(under, header, key, padding));
};

export const idBlock = (id: Uint8Array) => [{ id: 'IK', data: toHex(id) }];

export const ACCOUNT_BLOCK = block(initial(), { optionalBlocks: idBlock(KEY_ID) });
export const CMAC_BLOCK = block(CMAC_KEY, { usage: 'M6', modeOfUse: 'G' });
export const RETAIL_BLOCK = block(RETAIL_KEY, { usage: 'M3', algorithm: 'T', modeOfUse: 'G' });

export const detailOf = (value: unknown): string => (isFault(value) ? value.detail : 'no fault');
