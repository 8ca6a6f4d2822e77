import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paid } from '#drivers/alipay/answers.ts';
import { verdictOf } from '#drivers/alipay/codes.ts';
import { fromDecimal, toDecimal } from '#drivers/alipay/money.ts';

const CNY = 156;
const JPY = 392;
const KWD = 414;

test('every amount is written so that it is read back', () => {
  fc.assert(
    fc.property(fc.constantFrom(CNY, JPY, KWD), fc.nat(999_999_999_999), (currency, minor) => {
      expect(fromDecimal(toDecimal(minor, currency), currency)).toBe(minor);
    }),
  );
});

test.each([
  [1, CNY, '0.01'],
  [880, CNY, '8.80'],
  [1250, JPY, '1250'],
  [1, KWD, '0.001'],
])('%i of currency %i is written %s', (minor, currency, text) => {
  expect(toDecimal(minor, currency)).toBe(text);
});

test.each(['', '1,00', '-1', '1.005', '1e3', null, {}])('%j is no amount of yuan', (text) => {
  expect(fromDecimal(text, CNY)).toBeUndefined();
});

// opendocs.alipay.com: "公共错误码", and the error codes of alipay.trade.pay, .query and .cancel.
test.each([
  ['10000', '', 'done'],
  ['10003', '', 'waiting'],
  ['20000', 'aop.unknow-error', 'unsure'],
  ['20000', 'isp.unknow-error', 'unsure'],
  ['40004', 'ACQ.SYSTEM_ERROR', 'unsure'],
  ['40004', 'AQC.SYSTEM_ERROR', 'unsure'],
  ['40004', '', 'unsure'],
  ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', 'unsure'],
  ['40004', 'ACQ.TRADE_NOT_EXIST', 'unknown'],
  ['40004', 'ACQ.TRADE_HAS_SUCCESS', 'ask'],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', 'ask'],
  ['40004', 'ACQ.CONTEXT_INCONSISTENT', 'ask'],
  ['40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH', 'refused'],
  ['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'refused'],
  ['40002', 'isv.invalid-signature', 'notPassedOn'],
  ['40006', 'isv.insufficient-isv-permissions', 'notPassedOn'],
  ['50000', '', 'unsure'],
])('%s %s: %s', (code, subCode, verdict) => {
  expect(verdictOf(code, subCode)).toBe(verdict);
});

test('what vouchers gave is the discount, and their names go on the receipt', () => {
  const answer = {
    code: '10000',
    trade_no: '2014112611001004680073956707',
    buyer_logon_id: '159****5620',
    total_amount: '120.88',
    buyer_pay_amount: 100.8,
    voucher_detail_list: [{ name: 'Spring voucher', amount: '20.08' }],
  };
  expect(paid(answer, CNY)).toEqual({
    status: 'paid',
    reference: '2014112611001004680073956707',
    paidMinor: 10_080,
    discountMinor: 2_008,
    notes: ['Spring voucher'],
    payer: '159****5620',
  });
  expect(paid(answer, CNY, 12_087)).toMatchObject({ fault: 'protocol' });
  expect(paid({ code: '10000', trade_no: '1' }, CNY)).toMatchObject({ fault: 'protocol' });
});
