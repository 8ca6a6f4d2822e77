/** The retailer's own wallet, as a wallet's host. */
export { createRetailerWalletHost, type RetailerWalletOptions } from './host.ts';
