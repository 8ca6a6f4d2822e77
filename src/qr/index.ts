export type { CodeObject } from './code-object.ts';
export type { CodeForm, CodeTable, WalletRow } from './code-table.ts';
export {
  CONSUMER_FORMAT,
  type ConsumerApplication,
  type ConsumerCode,
  type ConsumerObject,
  chooseApplication,
  decodeConsumerCode,
  encodeConsumerCode,
  looksLikeConsumerCode,
} from './consumer-code.ts';
export {
  type ConsumerAccount,
  type ConsumerLine,
  consumerAccount,
  consumerIccData,
  consumerLines,
  hasCryptogram,
} from './consumer-data.ts';
export { type IdentifiedCode, identifyCode, TYPED } from './identify.ts';
export { maskCode } from './mask-code.ts';
export {
  decodeMerchantCode,
  encodeMerchantCode,
  looksLikeMerchantCode,
  type MerchantCode,
  type ReadMerchantCode,
  readMerchantCode,
  valueAt,
} from './merchant-code.ts';
export { type MerchantLine, merchantLines } from './merchant-lines.ts';
export { type MerchantOrder, merchantOrderCode, merchantOrderObjects } from './merchant-order.ts';
export {
  checkCharacter,
  isRetailerToken,
  isTypedToken,
  retailerToken,
  typedToken,
} from './retailer-token.ts';
