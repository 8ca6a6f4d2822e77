/** What an answer's code and sub_code are worth. opendocs.alipay.com, "公共错误码" and each method. */
export type Verdict =
  /** 10000: done. */
  | 'done'
  /** 10003: the shopper has to enter the password. */
  | 'waiting'
  /** 40004 and a reason that is final. */
  | 'refused'
  /** 40004: there is no such trade, yet. */
  | 'unknown'
  /** 40004: there is a trade under this number, in a state that only a query tells. */
  | 'ask'
  /** The gateway did not pass the request on: our keys, our application, our parameters. */
  | 'notPassedOn'
  /** Whether it was done can't be said. */
  | 'unsure';

export const verdictOf = (code: string, subCode: string): Verdict => {
  if (code === '40004') return SUB_CODES[subCode] ?? (UNSURE.test(subCode) ? 'unsure' : 'refused');
  return CODES[code] ?? 'unsure';
};

const CODES: Readonly<Record<string, Verdict>> = {
  '10000': 'done',
  '10003': 'waiting',
  // A service was away (20000), or the answer got lost between the gateway and it.
  '20000': 'unsure',
  // No authorisation (20001), a parameter missing (40001) or wrong (40002), a limit of calls
  // (40005), no right to the method (40003, 40006).
  '20001': 'notPassedOn',
  '40001': 'notPassedOn',
  '40002': 'notPassedOn',
  '40003': 'notPassedOn',
  '40005': 'notPassedOn',
  '40006': 'notPassedOn',
};

const SUB_CODES: Readonly<Record<string, Verdict>> = {
  'ACQ.TRADE_NOT_EXIST': 'unknown',
  'ACQ.TRADE_HAS_SUCCESS': 'ask',
  'ACQ.TRADE_HAS_CLOSE': 'ask',
  'ACQ.TRADE_BUYER_NOT_MATCH': 'ask',
  'ACQ.CONTEXT_INCONSISTENT': 'ask',
  // Possible again once the shop's account has been filled up.
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': 'unsure',
};

// "ACQ.SYSTEM_ERROR", "AQC.SYSTEM_ERROR", "aop.unknow-error", "isp.unknow-error": the documents
// say of each to ask again, or to query.
const UNSURE = /^$|SYSTEM_ERROR|unknow|^isp\.|^aop\./i;
