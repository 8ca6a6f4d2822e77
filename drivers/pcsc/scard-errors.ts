import { type Fault, type FaultKind, fault } from '#ports/fault.ts';

/**
 * The fault that an error of the PC/SC library stands for. The addon gives errors as text only,
 * such as `SCardTransmit error: Card was removed.(0x80100069)`.
 */
export const faultOf = (error: Error): Fault => {
  const code = /\(0x([0-9a-f]{8})\)/i.exec(error.message)?.[1]?.toUpperCase();
  const row = ERRORS.find((candidate) => candidate.code === code);
  return fault(row?.fault ?? 'protocol', error.message);
};

interface ErrorRow {
  readonly code: string;
  readonly name: string;
  readonly fault: FaultKind;
}

/** Codes as in pcsclite.h; PC/SC part 5 gives them the same values everywhere. */
const ERRORS: readonly ErrorRow[] = [
  { code: '80100001', name: 'SCARD_F_INTERNAL_ERROR', fault: 'serviceDown' },
  // The service forgot us: it was restarted behind our back.
  { code: '80100003', name: 'SCARD_E_INVALID_HANDLE', fault: 'serviceDown' },
  { code: '80100009', name: 'SCARD_E_UNKNOWN_READER', fault: 'readerLost' },
  { code: '8010000A', name: 'SCARD_E_TIMEOUT', fault: 'timeout' },
  { code: '8010000B', name: 'SCARD_E_SHARING_VIOLATION', fault: 'protocol' },
  { code: '8010000C', name: 'SCARD_E_NO_SMARTCARD', fault: 'cardLost' },
  { code: '8010000F', name: 'SCARD_E_PROTO_MISMATCH', fault: 'protocol' },
  { code: '80100013', name: 'SCARD_F_COMM_ERROR', fault: 'serviceDown' },
  // The reader got no proper answer over the air.
  { code: '80100016', name: 'SCARD_E_NOT_TRANSACTED', fault: 'transmission' },
  { code: '80100017', name: 'SCARD_E_READER_UNAVAILABLE', fault: 'readerLost' },
  { code: '8010001D', name: 'SCARD_E_NO_SERVICE', fault: 'serviceDown' },
  { code: '8010001E', name: 'SCARD_E_SERVICE_STOPPED', fault: 'serviceDown' },
  { code: '8010002E', name: 'SCARD_E_NO_READERS_AVAILABLE', fault: 'readerLost' },
  { code: '80100065', name: 'SCARD_W_UNSUPPORTED_CARD', fault: 'protocol' },
  { code: '80100066', name: 'SCARD_W_UNRESPONSIVE_CARD', fault: 'protocol' },
  { code: '80100067', name: 'SCARD_W_UNPOWERED_CARD', fault: 'protocol' },
  { code: '80100068', name: 'SCARD_W_RESET_CARD', fault: 'cardLost' },
  { code: '80100069', name: 'SCARD_W_REMOVED_CARD', fault: 'cardLost' },
  // libpcsclite says so when the service refuses us, and also when it is killed while it works.
  { code: '8010006A', name: 'SCARD_W_SECURITY_VIOLATION', fault: 'serviceDown' },
];
