/** Alipay, as a wallet's host. */
export { type AlipayOptions, createAlipayHost } from './host.ts';
