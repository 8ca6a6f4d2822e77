import { toBcd } from '#bytes/bcd.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';

const STATUS: Readonly<Record<Outcome['outcome'], number>> = {
  approved: 0x10,
  declined: 0x20,
  onlineRequest: 0x30,
  endApplication: 0x40,
  selectNext: 0x50,
  tryAnotherInterface: 0x60,
  tryAgain: 0x70,
  requestOnlinePin: 0xf0,
};
const START = { A: 0x00, B: 0x10, C: 0x20, D: 0x30, none: 0xf0 } as const;
const CVM: Readonly<Record<Outcome['cvm'], number>> = {
  noCvm: 0x00,
  obtainSignature: 0x10,
  onlinePin: 0x20,
  confirmationCodeVerified: 0x30,
  none: 0xf0,
};
const INTERFACE = { contactChip: 0x10, magneticStripe: 0x20, both: 0xf0, none: 0xf0 } as const;

/** Outcome Parameter Set (9F8210) as kernel 8 would code our outcome. C-8, data dictionary */
export const outcomeParameterSet = (outcome: Outcome): Uint8Array => {
  const holds =
    (outcome.uiOnOutcome === null ? 0 : 0x80) |
    (outcome.uiOnRestart === null ? 0 : 0x40) |
    (outcome.dataRecord.length === 0 ? 0 : 0x20) |
    (outcome.discretionaryData.length === 0 ? 0 : 0x10) |
    (outcome.receipt ? 0x08 : 0);
  return Uint8Array.of(
    STATUS[outcome.outcome],
    START[outcome.start],
    0xf0,
    CVM[outcome.cvm],
    holds,
    INTERFACE[outcome.alternateInterface],
    outcome.fieldOffMs === null ? 0xff : outcome.fieldOffMs / 100,
    outcome.removalTimeoutMs / 100,
  );
};

const UI_STATUS: Readonly<Record<UiRequest['status'], number>> = {
  notReady: 0,
  idle: 1,
  readyToRead: 2,
  processing: 3,
  cardReadSuccessfully: 4,
  processingError: 5,
  none: 0xff,
};

/** User Interface Request Data (9F8205), 13 bytes: message, status, hold time, language. */
export const userInterfaceRequestData = (request: UiRequest): Uint8Array => {
  const bytes = new Uint8Array(13);
  bytes[0] = request.messageId === null ? 0xff : Number.parseInt(request.messageId, 16);
  bytes[1] = UI_STATUS[request.status];
  bytes.set(toBcd(request.holdMs / 100, 3), 2);
  bytes.set(new TextEncoder().encode(request.language ?? ''), 5);
  return bytes;
};
