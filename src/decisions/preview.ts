import {
  compareDecisions,
  type Decision,
  decisionText,
  inForce,
  isDecided,
  isOf,
  isProposed,
  type Known,
  type KnownApplication,
  scopesMayMeet,
  scopeText,
} from '#acceptance/index.ts';

/** What a decision would do, in sentences for the person who is about to make it. */
export const saysOf = (decision: Decision, known: Known): readonly string[] => {
  const { decisions, now, approval } = known;
  const ended = decisions.filter(({ id }) => decision.supersedes.includes(id));
  const when = decision.fromMs === undefined ? 'at once' : 'when it begins';
  return [
    `${decisionText(decision, now)}.`,
    ...ended
      .filter(isDecided)
      .map((one) => `It ends ${when}, for good: ${decisionText(one, now)}.`),
    ...ended
      .filter(isProposed)
      .map((one) => `It withdraws the proposal: ${decisionText(one, now)}.`),
    ...(isProposed(decision)
      ? [
          'It waits for another person to approve it ' +
            `(${approval.roles.join(' or ')}) and changes nothing until then.`,
        ]
      : []),
  ];
};

/** What a person may not expect of it. */
export const warningsOf = (decision: Decision, known: Known): readonly string[] => [
  ...lateNumbers(decision, known),
  ...signs(decision),
  ...narrowerOnes(decision, known),
];

/**
 * Kernels whose cards tell their account number in the answer that brings the cryptogram, and no
 * sooner unless their directory does. EMV Contactless Book C-3, the answer to GET PROCESSING
 * OPTIONS.
 */
const NUMBER_WITH_CRYPTOGRAM: ReadonlyMap<string, string> = new Map([['03', 'Visa']]);

const lateNumbers = ({ scope, action }: Decision, { applications }: Known): readonly string[] => {
  if (scope.range === undefined) return [];
  const kernels = new Set(applications.filter((one) => isOf(scope, one)).map(kernelOf));
  return [...NUMBER_WITH_CRYPTOGRAM].flatMap(([kernel, scheme]) => {
    if (!kernels.has(kernel)) return [];
    const why =
      `${scheme} cards (kernel ${kernel}) tell their account number only together with the ` +
      'cryptogram, unless their directory tells it first';
    return action === 'off'
      ? `${why}: those that don't are all refused, also outside this range.`
      : `${why}: for those that don't, this "on" does not count.`;
  });
};

const kernelOf = ({ kernel }: KnownApplication): string => kernel;

const signs = ({ scope, action }: Decision): readonly string[] => {
  if (scope.devices === undefined) return [];
  const rule =
    'Phones and watches are told from plastic by signs: the form factor they state, a check of ' +
    'their owner on the device, account numbers that are tokens';
  return [
    action === 'off'
      ? `${rule}. What gives conflicting signs is refused like a phone.`
      : `${rule}. What gives conflicting signs is not let through by this "on".`,
  ];
};

/** Somebody who switches all off must not believe that a narrower "on" went with it. */
const narrowerOnes = (decision: Decision, { decisions, now }: Known): readonly string[] =>
  inForce(decisions, now)
    .filter(
      (one) =>
        one.action !== decision.action &&
        !decision.supersedes.includes(one.id) &&
        compareDecisions(one, decision) > 0 &&
        scopesMayMeet(one.scope, decision.scope),
    )
    .map(
      ({ id, action, scope }) => `${id} goes on: it is narrower (${action}: ${scopeText(scope)}).`,
    );
