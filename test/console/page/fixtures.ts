import type {
  DevicesView,
  DoctorView,
  LimitsLine,
  NowView,
  PaymentLine,
  PaymentView,
  ReceiptView,
  TapView,
  TextsLine,
  UpkeepStanding,
} from '#console/api.ts';
import type { SaleResult, TapTimes } from '#terminal/types.ts';

/** A day in a shop in Berlin: 22 November 2026, 14:30. */
export const NOON_MS = Date.UTC(2026, 10, 22, 13, 30);

const minutesAgo = (minutes: number): number => NOON_MS - minutes * 60_000;

export const TIMES: TapTimes = {
  totalMs: 412.4,
  cardMs: 356.1,
  ownMs: 56.3,
  commands: [
    { command: 'power up', startMs: 4.1, ms: 38.2 },
    { command: 'SELECT PPSE', startMs: 49.7, ms: 31.4 },
    { command: 'SELECT (AID)', startMs: 88.5, ms: 42.9 },
    { command: 'GET PROCESSING OPTIONS', startMs: 138.8, ms: 128.3 },
    { command: 'READ RECORD 1 of SFI 2', startMs: 274.5, ms: 27.6 },
    { command: 'READ RECORD 1 of SFI 3', startMs: 309.5, ms: 28.8 },
    { command: 'GENERATE AC', startMs: 345.7, ms: 58.9 },
  ],
};

export const resultOf = (change: Partial<SaleResult> = {}): SaleResult => ({
  status: 'approved',
  transactionId: '0198f3aa-0007',
  tillId: 'till-4711',
  amountMinor: 1250,
  currency: 'EUR',
  reason: 'approved by the host',
  scheme: 'Visa',
  maskedPan: '476173******0119',
  authorisationCode: 'A1B2C3',
  responseCode: '00',
  retrievalReference: '632614000123',
  ...change,
});

export const TAPS: readonly TapView[] = [
  { transactionId: '0198f3aa-0007', atMs: minutesAgo(1), result: resultOf(), times: TIMES },
  {
    transactionId: '0198f3aa-0006',
    atMs: minutesAgo(9),
    result: resultOf({
      status: 'declined',
      transactionId: '0198f3aa-0006',
      amountMinor: 8940,
      reason: 'declined by the host: not sufficient funds',
      scheme: 'Mastercard',
      maskedPan: '541333******4111',
    }),
    times: { ...TIMES, totalMs: 623.9, ownMs: 267.8 },
  },
  {
    transactionId: '0198f3aa-0005',
    atMs: minutesAgo(21),
    result: {
      status: 'cancelled',
      transactionId: '0198f3aa-0005',
      amountMinor: 300,
      currency: 'EUR',
      reason: 'cancelled by the cashier before a card was read',
    },
  },
];

export const STATUS: NowView['status'] = {
  state: 'idle',
  reader: 'ACS ACR1252 Dual Reader',
  readerPresent: true,
  link: 'TLS 1.3 to acquirer.example:5043',
  linkUp: true,
  openReversals: 0,
  openOrders: 0,
  unknown: 0,
  toForward: 2,
  oldestToForwardSeconds: 640,
  period: 12,
  displays: 1,
  acceptance: { plasticOnly: false },
};

const line = (number: number, change: Partial<PaymentLine>): PaymentLine => ({
  id: `0198f3aa-${`${number}`.padStart(4, '0')}`,
  tillId: `till-${4704 + number}`,
  kind: 'purchase',
  state: 'approved',
  meaning: 'approved',
  startedMs: minutesAgo(1 + (7 - number) * 8),
  amountMinor: 1250,
  currency: 'EUR',
  scheme: 'Visa',
  maskedPan: '476173******0119',
  ...change,
});

const NAMED: readonly PaymentLine[] = [
  line(7, { reason: 'approved by the host' }),
  line(6, {
    state: 'declined',
    meaning: 'declined',
    amountMinor: 8940,
    scheme: 'Mastercard',
    maskedPan: '541333******4111',
  }),
  line(5, { state: 'cancelled', meaning: 'cancelled', amountMinor: 300 }),
  line(4, { kind: 'refund', amountMinor: 500, state: 'approved' }),
  line(3, {
    state: 'queued',
    meaning: 'approved, not yet forwarded to the host',
    amountMinor: 250_000,
  }),
];

/** More than a page of them, newest first. */
export const PAYMENTS: readonly PaymentLine[] = [
  ...NAMED,
  ...Array.from({ length: 35 }, (_, place) =>
    line(900 - place, {
      startedMs: minutesAgo(90 + place * 11),
      amountMinor: 199 + place * 137,
      state: place % 5 === 0 ? 'reconciled' : 'approved',
      meaning: 'approved',
    }),
  ),
];

export const paymentOf = (payment: PaymentLine, refundedMinor: number): PaymentView => {
  const approved = payment.state === 'approved';
  return {
    line: payment,
    result: resultOf({ transactionId: payment.id, amountMinor: payment.amountMinor, tap: TIMES }),
    refundedMinor,
    can: { refund: approved, void: approved && refundedMinor === 0, reprint: approved },
    entries: [
      { sequence: 401, event: 'asked', atMs: payment.startedMs, says: 'The host was asked.' },
      {
        sequence: 402,
        event: 'approved',
        atMs: payment.startedMs + 812,
        says: 'The host approved it with code A1B2C3.',
      },
    ],
    exchanges: [
      {
        command: 'SELECT A0000000031010',
        answer: '9000',
        elements: [
          { tag: '84', name: 'DF Name', value: 'A0000000031010', means: 'Visa credit or debit' },
          { tag: '50', name: 'Application Label', value: '56495341', means: 'VISA' },
        ],
      },
      {
        command: 'GET PROCESSING OPTIONS',
        answer: '9000',
        elements: [
          {
            tag: '9F10',
            name: 'Issuer Application Data',
            value: '06011203A00000000F0000000000000000000000000000000000000000000000',
            means: 'cryptogram version 18, card verification results 03A00000',
          },
          { tag: '9F26', name: 'Application Cryptogram', value: '8D3A6C51E09B2F47', means: '' },
          { tag: '57', name: 'Track 2 Equivalent Data', value: '476173******0119D…', means: '' },
        ],
      },
    ],
    reasons: ['The card asked for an online authorisation.', 'The amount is below the CVM limit.'],
  };
};

export const RECEIPT: ReceiptView = {
  copy: true,
  lines: [
    '              CORNER BAKERY',
    '          Torstraße 12, Berlin',
    '',
    'Terminal                         T0000001',
    'Date                  2026-11-22 14:29:03',
    'Visa                     476173******0119',
    'Purchase                        12.50 EUR',
    'Authorisation code                 A1B2C3',
    '',
    '                 APPROVED',
    '        Please keep this receipt.',
  ],
};

const found = (
  verdict: 'well' | 'attention' | 'wrong' | 'notUsed',
  [check, title, says, remedy]: readonly [string, string, string, string?],
) => ({ check, title, verdict, found: says, ...(remedy === undefined ? {} : { remedy }) });

export const DIAGNOSIS: DoctorView = {
  verdict: 'wrong',
  atMs: NOON_MS,
  by: 'terminal',
  findings: [
    found('well', ['terminal', 'Terminal', 'Version 1.4.0 has run for 3 h.']),
    found('notUsed', ['update', 'Updates', 'Version 1.4.0 runs from a checkout.']),
    found('wrong', [
      'reader',
      'Card reader',
      'No card reader: no answer at /run/pcscd/pcscd.comm.',
      'Plug the reader in, into another port or cable if it was; a hub needs power of its own.',
    ]),
    found('attention', [
      'hostCertificate',
      'Certificate for the host',
      "The terminal's certificate for the host expires on 2026-12-10, in 11 days.",
      'Ask whoever issued it for a new one, and put it at /etc/countertap/host/terminal.pem.',
    ]),
    found('well', ['journal', 'Journal', 'Whole (its last 812 entries now), 4 MB.']),
  ],
};

/** A shop whose next release waits for the night. */
export const STANDING: UpkeepStanding = {
  ...{ managed: true, version: '1.4.0', phase: 'tried', work: 'ready' },
  ...{ offered: '1.4.1', waitsFor: 'window', lastLook: { atMs: NOON_MS } },
};

export const DEVICES: DevicesView = {
  devices: [
    {
      kind: 'reader',
      title: 'ACS ACR1252 Dual Reader',
      good: true,
      says: 'Connected. When contactless is off, its antenna is powered down.',
      details: [
        { name: 'Firmware', value: 'ACR1252U_V207.3' },
        { name: 'Silence', value: 'antenna off, escape command E0 00 00 25 01 00' },
      ],
    },
    {
      kind: 'display',
      title: 'Shopper’s display',
      good: true,
      says: 'One display is connected.',
      details: [{ name: 'Address', value: 'http://127.0.0.1:8080/' }],
    },
    {
      kind: 'host',
      title: 'Acquirer’s host',
      good: false,
      says: 'No answer for 40 seconds; trying again in 5.',
      details: [{ name: 'Address', value: 'acquirer.example:5043' }],
    },
    { kind: 'journal', title: 'Journal', good: true, says: 'Can be written.', details: [] },
    {
      kind: 'keys',
      title: 'Keys',
      good: true,
      says: 'Ready: DUKPT, 1 048 575 keys left.',
      details: [{ name: 'Kept in', value: 'a sealed file' }],
    },
    {
      kind: 'machine',
      title: 'This machine',
      good: true,
      says: 'In order.',
      details: [
        { name: 'Software', value: 'countertap 0.1.0' },
        { name: 'Running for', value: '3 days' },
      ],
    },
  ],
};

export const LIMITS: readonly LimitsLine[] = [
  {
    set: 0,
    title: 'Visa, kernel 3, purchases',
    aids: ['A000000003'],
    currency: 'EUR',
    limits: [
      {
        name: 'readerContactlessTransactionLimit',
        title: 'Largest contactless amount',
        configuredMinor: 100_000,
        minor: 100_000,
      },
      {
        name: 'readerContactlessFloorLimit',
        title: 'Floor limit',
        configuredMinor: 0,
        minor: 0,
      },
      {
        name: 'readerCvmRequiredLimit',
        title: 'A PIN or a phone’s lock from',
        configuredMinor: 5000,
        minor: 2500,
      },
    ],
  },
  {
    set: 1,
    title: 'Mastercard, kernel 2, purchases',
    aids: ['A0000000041010', 'A0000000043060'],
    currency: 'EUR',
    limits: [
      { name: 'readerContactlessTransactionLimit', title: 'Largest contactless amount' },
      {
        name: 'readerCvmRequiredLimit',
        title: 'A PIN or a phone’s lock from',
        configuredMinor: 5000,
        minor: 5000,
      },
    ],
  },
];

const screen = (name: string, headline: string, detail: string) => ({
  screen: name,
  headline,
  detail,
  changed: false,
  configured: { headline, detail },
});

export const TEXTS: readonly TextsLine[] = [
  {
    language: 'en',
    name: 'English',
    screens: [
      screen('welcome', 'Welcome', 'Contactless cards, phones and watches'),
      screen('presentCard', 'Hold your phone or card here', 'Hold it still until it has been read'),
      {
        ...screen('approved', 'Approved', 'Thank you'),
        headline: 'Paid',
        detail: 'See you tomorrow',
        changed: true,
      },
      screen('contactlessOff', 'Contactless is off', 'Please insert your card'),
    ],
  },
  {
    language: 'ar',
    name: 'العربية',
    screens: [screen('welcome', 'أهلاً وسهلاً', 'بطاقات وهواتف وساعات بلا تلامس')],
  },
];
