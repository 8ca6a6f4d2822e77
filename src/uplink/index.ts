/**
 * The uplink: one authorisation after another to the acquirer's host, and never one too many.
 * It decides what to send, when, and again; a HostLink carries the bytes.
 */

export { responseCode } from './response-codes.ts';
export {
  type Answered,
  type Authorisation,
  type Kernel,
  type Payment,
  type ResponseCode,
  type Uplink,
  type UplinkConfig,
  type UplinkParts,
  type UplinkState,
  uplinkDefaults,
} from './types.ts';
export { createUplink } from './uplink.ts';
