// Codes that others published or made, with where they stand. CRCs were worked out again with
// Python's binascii.crc_hqx(text, 0xFFFF).

/** EMVCo's rules have nothing against these. */
export const MERCHANT_CODES = {
  'every kind of object (mvallim/emv-qrcode README.md)':
    '00020101021102160004hoge0104abcd520441115303156540523.7255020256035005802CN5914BEST TRANSP' +
    'ORT6007BEIJING6107123456762800205678900305098760505abcde0705klmno0805pqres0903tuv1004abcd5' +
    '016000412340104ijkl64280002ZH0102北京0204最佳运输0304abcd65020080320016A0112233449988770708' +
    '1234567863046325',
  'all of template 62 (mvallim/emv-qrcode DecoderMpmTest.java)':
    '00020101021102160004hoge0104abcd520441115303156540523.7255020256035005802CN5914BEST TRANSP' +
    'ORT6007BEIJING6107123456762950105123450205678900305098760405543210505abcde0605fghij0705klm' +
    'no0805pqres0903tuv1004abcd5004ijkl64280002ZH0102北京0204最佳运输0304abcd65020080320016A01122' +
    '33449988770708123456786304C659',
  'objects in an order of their own (xuannghia/vietnam-qr-pay test-airpay-qr.spec.ts)':
    '00020101021126610013vn.airpay.www014000000201010100064185noC4efDjGKq0or5GbeBz5204581253037' +
    '045910RESTAURANT6009HOCHIMINH5802VN6304DA5C',
  'Visa and Mastercard accounts (aboelkassem/EMVQR.NET MerchantPayloadUnitTests.cs, DecodeQR1)':
    '0002010102110213404587173785204155326311010619815204829953039365802GH5909CIB GHANA6005ACCR' +
    'A622407088656730603088656730663041437',
  'the same, DecodeQR5':
    '00020101021102154382871085619335204541153039365802GH5907PANDORA6005Accra63049C22',
} as const;

/** Their CRC is right, and a rule is broken: which object, where, and what is wrong with it. */
export const REFUSED_MERCHANT_CODES = {
  'PromptPay leaves names out (maythiwat/promptparse src/index.test.ts)': [
    '00020101021129390016A000000677010111031514000080111111153037645802TH63047C0F',
    '52 at 68: Merchant Category Code is missing',
  ],
  'VietQR does (giautm/emvqr-go emvqr_test.go)': [
    '00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA540570001530370458' +
      '02VN6304ED54',
    '52 at 94: Merchant Category Code is missing',
  ],
  'a city of 16 characters in a Pix code (mvallim/emv-qrcode MerchantPresentedModeDecoderTest)': [
    '00020126830014br.gov.bcb.pix01364004901d-bd85-4769-8e52-cb4c42c506dc0221Jornada pagador 57' +
      '768520400005303986540573.625802BR5903Pix6016Sao Joao del Rei62080504oooo63044682',
    '60 at 134: 16 characters instead of 1 to 15',
  ],
  'an account template that doesn’t add up (spec/qr.md of this project’s shared facts)': [
    '00020101021226200014A000000000000199520454115303978540512.505802FR5909TEST SHOP6005PARIS62' +
      '190503ABC0708TERM00016304BBE4',
    '26 › 99 at 36: a length has two digits',
  ],
  'a CRC of another code (miguelfercamargo/emvco-qr-sdk parse-qr-co.usecase.spec.ts)': [
    '0002015502010102125802CO5919COMERCE TEST NAME S49250103RBM0014CO.COM.RBM.RED90300106101776' +
      '0016CO.COM.RBM.TRXID80270103APP0016CO.COM.RBM.CANAL91460124GUF0xSSTpRVM+lvm0v0EfNXe0014CO' +
      '.COM.RBM.SEC81250102030015CO.COM.RBM.CIVA601566572 PUEBLO RI8223010100014CO.COM.RBM.IVA503' +
      '001091234567890013CO.COM.RBM.CU6105665728324010100015CO.COM.RBM.BASE6220070300008020011036' +
      '3184250102030015CO.COM.RBM.CINC520400008523010100014CO.COM.RBM.INC530317064290002ES0119COM' +
      'ERCE TEST NAME S540413566304BDA9',
    '63 at 477: wrong: the code was misread or altered',
  ],
  'one that breaks off (fgardila/qr-decoder-emv-co-kmp README.md)': [
    '00020101021126310014CO.COM.RBM.LLA0409@ocfrf115...',
    'at 47: an ID has two digits',
  ],
} as const;

/** UnionPay, a cryptogram in template 63 (mvallim/emv-qrcode ConsumerPresentedModeDecoderTest). */
export const CONSUMER_CODE =
  'hQVDUFYwMWFWTwigAAADMwEBAlcRYmNgAQBxNnLSMSIBAAABiAFfNAEAYzOfJghWite85mtxi58nAYCfEBEHAAEDoAAA' +
  'AQgwMDAwMDAwMZ82AhEiggIAAJ83BCJgSI4=';

/** Two applications and a template common to both (DecodeCpmIteratorTest), as hexadecimal. */
export const TWO_APPLICATIONS =
  '8505435056303161134F07A0000000555555500850726F647563743161134F07A0000000666666500850726F6475' +
  '63743262495A0812345678901234585F200E43415244484F4C4445522F454D565F2D08727565736465656E64219F' +
  '100706010A030000009F2608584FD385FA234BCC9F360200019F37046D58EF13';

/** 5F20 in the first application and in the common template (ConsumerPresentedModeValidateTest). */
export const NAME_TWICE =
  'hQVDUFYwMWEiTwegAAAAVVVVUAhQcm9kdWN0MV8gDE1hc3RlciBDbGFzc2ETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggS' +
  'NFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjv' +
  'Ew==';

/** Made for these tests, by the forms of docs/codes.md. */
export const WALLET_CODES = [
  '281234567890123456',
  '2512345678901234',
  '134567890123456789',
  'rw1.AAECAwQFBgcICQoLDA0ODwK',
  '912345678904',
  '4006381333931',
  '96385074',
  '036000291452',
  '15400141288763',
];

/** What is damaged to see what becomes of it. */
export const ALL_CODES: readonly string[] = [
  ...Object.values(MERCHANT_CODES),
  ...Object.values(REFUSED_MERCHANT_CODES).map(([text]) => text),
  CONSUMER_CODE,
  NAME_TWICE,
  'hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ==',
  ...WALLET_CODES,
];
