// table: how reader models differ, each fact with its source.

import type { Cue } from '#ports/card-reader.ts';

/**
 * What a reader model does its own way. Commands go to the reader, not to a card: as a CCID escape
 * (SCardControl with IOCTL_CCID_ESCAPE). `unknown` where no public manual could be found.
 */
export interface ReaderQuirks {
  /** Of the name that pcscd gives, which comes from libccid's list of readers. */
  readonly name: RegExp;
  readonly model: string;
  readonly contactless: boolean;
  readonly led: EscapeCommand;
  readonly buzzer: EscapeCommand;
  /** Made of the commands for LED and buzzer: their sources hold. */
  readonly cues: CueEscapes;
  /** Puts the antenna down, and up again. */
  readonly fieldOff: EscapeSequence;
  readonly fieldOn: EscapeSequence;
}

/** Hexadecimal; a letter pair in lower case is a parameter, explained in `source`. */
export type EscapeCommand =
  | { readonly command: string; readonly source: string }
  | 'unknown'
  | 'none';

/** Commands that belong together, in this order. */
export type EscapeSequence =
  | { readonly escapes: readonly Escape[]; readonly source: string }
  | 'unknown'
  | 'none';

/** What the reader is told for a cue. A cue that a payment waits for a card with has no row. */
export type CueEscapes = Readonly<Record<ToldCue, readonly Escape[]>> | 'unknown' | 'none';

/** In service, closed or silenced, and how a card's part ended. */
export type ToldCue = Exclude<Cue, 'ready' | 'processing'>;

export interface Escape {
  readonly command: string;
  /** How the answer of a reader that obeys begins; empty when the manual promises none. */
  readonly answer: string;
}

/** The row for a reader's name; readers that we don't know are taken to be contactless. */
export const quirksOf = (name: string): ReaderQuirks =>
  QUIRKS.find((row) => row.name.test(name)) ?? DEFAULT_QUIRKS;

const ACR122U_LED: EscapeCommand = {
  command: 'FF0040ss04aabbnnll',
  source:
    'ACS, ACR122U API V2.00, 6.2: ss LED states and masks (bits 0 and 1 red and green when it is ' +
    'through, 2 and 3 that they count), aa and bb on and off time in 100 ms, nn repetitions, ll ' +
    'link to buzzer (01 while on); answer 90 and the LEDs, so in ACR122T API V2.02; nfcpy issue 245: ' +
    'it answers when it has beeped',
};

const ACR122U_CUES: CueEscapes = {
  off: [{ command: 'FF00400C0400000000', answer: '90' }],
  idle: [{ command: 'FF00400E0400000000', answer: '90' }],
  // 200 ms, and twice 100 ms: as short as can be told apart, for the reader is busy meanwhile.
  success: [{ command: 'FF00400E0402000101', answer: '90' }],
  error: [{ command: 'FF00400D0401010201', answer: '90' }],
};

const ACR1252U_CUES: CueEscapes = {
  off: [{ command: 'E00000290100', answer: 'E100000001' }],
  idle: [{ command: 'E00000290102', answer: 'E100000001' }],
  success: [
    { command: 'E00000290102', answer: 'E100000001' },
    { command: 'E00000280114', answer: 'E100000001' },
  ],
  error: [
    { command: 'E00000290101', answer: 'E100000001' },
    { command: 'E00000280132', answer: 'E100000001' },
  ],
};

const ACR122U_FIELD =
  'PN532 RFConfiguration (D4 32 01, bit 0 the field) in the direct transmit of ACR122U API V2.00, ' +
  '6.1, used so by several public programs; and Set PICC Operating Parameter (FF 00 51, bit 7 ' +
  'automatic polling, FF as delivered, answer 90 and the parameter), as in nfc-pcsc 0.8 ' +
  'ACR122Reader.setPICC and the ACR122 dissector of Wireshark: a firmware that goes on polling ' +
  'would bring the field back';

const UTRUST_FIELD =
  'Identiv, uTrust 3720F and 3721F Reference Manual V1.00, 6.3.4.6 CNTLESS_RF_SWITCH, and the same ' +
  'code in the CLOUD 47x0 F manual; the page for the 3700 F itself was not seen';

/** Order matters: the first match counts, so slots that aren't contactless come first. */
export const QUIRKS: readonly ReaderQuirks[] = [
  {
    // ACR1252U shows a second reader, "ACS ACR1252 1S CL Reader [… SAM Interface]", for its SAM.
    name: /\bSAM\b/,
    model: 'SAM slot of any reader',
    contactless: false,
    led: 'unknown',
    buzzer: 'unknown',
    cues: 'none',
    fieldOff: 'none',
    fieldOn: 'none',
  },
  {
    name: /\bICC\b|\bContact Reader\b/,
    model: 'contact slot of a dual-interface reader',
    contactless: false,
    led: 'unknown',
    buzzer: 'unknown',
    cues: 'unknown',
    fieldOff: 'none',
    fieldOn: 'none',
  },
  {
    name: /ACR122U/,
    model: 'ACS ACR122U',
    contactless: true,
    led: ACR122U_LED,
    buzzer: {
      command: 'FF0052pp00',
      source:
        'nfc-pcsc 0.8, ACR122Reader.setBuzzerOutput: beep when a card is detected, pp FF on, 00 off',
    },
    cues: ACR122U_CUES,
    fieldOff: {
      escapes: [
        { command: 'FF00517F00', answer: '90' },
        { command: 'FF00000004D4320100', answer: 'D533' },
      ],
      source: ACR122U_FIELD,
    },
    fieldOn: {
      escapes: [
        { command: 'FF00000004D4320101', answer: 'D533' },
        { command: 'FF0051FF00', answer: '90' },
      ],
      source: ACR122U_FIELD,
    },
  },
  {
    name: /ACR1252/,
    model: 'ACS ACR1252U',
    contactless: true,
    led: {
      command: 'E000002901ss',
      source:
        'ACS, ACM1252U-Y3 Reference Manual V1.03, 5.3.2 (the module of the same family): ss bit 0 red, ' +
        'bit 1 green, answer E1 00 00 00 01 ss; the ACR1252U manual itself was not seen',
    },
    buzzer: {
      command: 'E000002801dd',
      source:
        'ACS, ACR1281U-C1 API V1.08, 5.3.4 and ACR1255U-J1 V1.01, 6.6.5 (same command set): dd time in ' +
        '10 ms, answer E1 00 00 00 01 00; the ACR1252U manual itself was not seen',
    },
    cues: ACR1252U_CUES,
    fieldOff: 'unknown',
    fieldOn: 'unknown',
  },
  {
    name: /ACR1311/,
    model: 'ACS ACR1311U',
    contactless: true,
    led: 'unknown',
    buzzer: 'unknown',
    cues: 'unknown',
    fieldOff: 'unknown',
    fieldOn: 'unknown',
  },
  {
    name: /OMNIKEY 5022/,
    model: 'HID OMNIKEY 5022',
    contactless: true,
    led: 'unknown',
    buzzer: 'unknown',
    cues: 'unknown',
    fieldOff: 'unknown',
    fieldOn: 'unknown',
  },
  {
    name: /uTrust 370[01] F/,
    model: 'Identiv uTrust 3700 F',
    contactless: true,
    led: {
      command: 'B2ss',
      source:
        'Identiv, CLOUD 370x F Reference Manual V1.0, 6.3.3.6 (the earlier name of the reader): ss 00 ' +
        'the firmware drives the LED, 01 it does not; how it is then lit (19, as in the CLOUD 47x0 F?) ' +
        'was not seen for this reader',
    },
    buzzer: 'unknown',
    cues: 'unknown',
    fieldOff: { escapes: [{ command: '9600', answer: '' }], source: UTRUST_FIELD },
    fieldOn: { escapes: [{ command: '9601', answer: '' }], source: UTRUST_FIELD },
  },
  {
    name: /^Virtual PCD/,
    model: 'vsmartcard vpcd',
    contactless: true,
    led: 'none',
    buzzer: 'none',
    cues: 'none',
    fieldOff: 'none',
    fieldOn: 'none',
  },
];

const DEFAULT_QUIRKS: ReaderQuirks = {
  name: /(?:)/,
  model: 'unknown reader',
  contactless: true,
  led: 'unknown',
  buzzer: 'unknown',
  cues: 'unknown',
  fieldOff: 'unknown',
  fieldOn: 'unknown',
};
