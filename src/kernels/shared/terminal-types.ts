/** Terminal Types (9F35) that never approve offline, and that never go online. Book 4 Annex A1 */
export const ONLINE_ONLY: readonly number[] = [0x11, 0x21, 0x14, 0x24, 0x34];
export const OFFLINE_ONLY: readonly number[] = [0x23, 0x26, 0x36, 0x13, 0x16];
