import { describe, expect, it } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { type AdminOrder, adminOrder, faultInWords, scannedCode } from '#nexo/index.ts';

const encoded = (object: unknown) => Buffer.from(JSON.stringify(object)).toString('base64');

const scan = (Type: string, Operation?: unknown, Id: unknown = 'scan-1') =>
  encoded({ Session: { Id, Type }, ...(Operation === undefined ? {} : { Operation }) });

const ordered = (ServiceIdentification?: string): AdminOrder | string => {
  const order = adminOrder({ ServiceIdentification });
  if (isMalformed(order)) return faultInWords(order);
  return 'notDone' in order ? `${order.notDone}: ${order.why}` : order;
};

describe('an administrative service', () => {
  it.each([
    ['TerminalStatus', { service: 'status' }],
    [
      scan('Once', [{ Type: 'ScanBarcode', TimeoutMs: 5000 }]),
      { service: 'scan', session: 'scan-1', withinMs: 5000 },
    ],
    // As Adyen's pages have it: one operation, and what a till calls a session may be a number.
    [
      scan('Once', { Type: 'ScanBarcode' }, 4711),
      { service: 'scan', session: '4711', withinMs: 30_000 },
    ],
    [scan('End'), { service: 'endScan', session: 'scan-1' }],
  ] as const)('%s is known', (named, order) => {
    expect(ordered(named)).toEqual(order);
  });

  it.each([
    ['Reboot', /^UnavailableService: .*Reboot/],
    ['x'.repeat(5_000), /^UnavailableService: .{1,120}$/],
    [scan('Once', [{ Type: 'OpenDrawer' }]), /^UnavailableService: .*OpenDrawer/],
    [scan('Begin', [{ Type: 'ScanBarcode' }]), /^UnavailableService: .*several/],
    [
      scan('Once', [{ Type: 'ScanBarcode' }, { Type: 'ScanBarcode' }]),
      /^UnavailableService: .*several/,
    ],
    [undefined, /AdminRequest, field ServiceIdentification: Missing/],
    [encoded({}), /ServiceIdentification, field Session: Missing/],
    [encoded({ Session: { Id: 1, Type: 'Twice' } }), /field Type: /],
    [scan('Once'), /field Operation: Missing/],
    [scan('Once', [{ Type: 'ScanBarcode', TimeoutMs: 30_001 }]), /field TimeoutMs: /],
    [encoded([1]), /^UnavailableService: /],
  ])('%s is refused, and why', (named, why) => {
    expect(ordered(named)).toMatch(why);
  });
});

describe('a code that was scanned', () => {
  it.each([
    [']E0', 'EAN'],
    [']Q1', 'QR'],
    [']X9', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('of symbology %s is told as %s', (symbology, Symbology) => {
    const told = scannedCode('scan-1', '4006381333931', symbology);
    expect(JSON.parse(Buffer.from(told, 'base64').toString())).toEqual({
      Session: { Id: 'scan-1', Type: 'Once' },
      Barcode: { Data: '4006381333931', Symbology },
    });
  });
});
