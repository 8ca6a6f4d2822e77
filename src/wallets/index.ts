/**
 * Payments by a wallet's code: an order at the wallet's host from its beginning to its end, and
 * what has to be closed, given back or found out there, until the host has said that it is so.
 */

export {
  type OrderAsked,
  type OrderEnd,
  type OrderStep,
  type RefundEnd,
  type Wallets,
  type WalletsConfig,
  type WalletsParts,
  type WalletsState,
  walletDefaults,
} from './types.ts';
export { createWallets } from './wallets.ts';
