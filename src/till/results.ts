import type { NexoResponse } from '#nexo/index.ts';

/** How an answer says it went, in one word: "Success", "Partial", or the condition of failure. */
export const resultOf = (answer: NexoResponse): string => {
  const { Result = 'none', ErrorCondition = Result } = responseIn(answer) ?? {};
  // What was paid in part has a condition, too: that of the rest.
  return Result === 'Failure' ? ErrorCondition : Result;
};

const responseIn = (answer: NexoResponse) => {
  switch (answer.category) {
    case 'Display':
      return (
        answer.body.OutputResult.find(({ Response }) => Response.Result === 'Failure')?.Response ??
        answer.body.OutputResult[0]?.Response
      );
    case 'Input':
      return answer.body.InputResult.Response;
    default:
      return answer.body.Response;
  }
};
