export { bookOfKernel } from './books.ts';
export { type ExplainOptions, explainTag } from './element.ts';
export { type Detail, type Explanation, firstMalformed } from './explanation.ts';
export { explainStatusWord, isStatusWordText } from './status-word.ts';
export { explainTlvs, explainValue, type TlvExplanation } from './tree.ts';
