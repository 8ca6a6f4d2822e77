import type { DecisionBookParts } from '#decisions/index.ts';
import { type DecisionBook, decisionConfig, openDecisionBook } from '#decisions/index.ts';
import type { Log } from '#ports/log.ts';
import type { Configuration } from '../load-configuration.ts';
import type { ShopValues } from '../nfc/requests.ts';
import { clock } from '../world.ts';

/** The shop's decisions, by its configuration: the same for the terminal and for commands. */
export const openDecisions = (
  { terminal, contactless, texts }: Configuration,
  journal: DecisionBookParts['journal'],
  log: Log,
): Promise<DecisionBook> =>
  openDecisionBook({
    journal,
    clock,
    log,
    config: decisionConfig({
      acceptance: terminal.acceptance,
      machineZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
      sets: [...contactless.combinations.values()].map((combinations) => ({ combinations })),
      currencies: [terminal.terminal.currency],
      languages: Object.keys(texts),
    }),
  });

/** What a person's words mean here. */
export const shopOf = ({
  terminal: { terminal, acceptance },
}: Configuration): Pick<ShopValues, 'currency' | 'language' | 'lane'> => ({
  currency: terminal.currency,
  language: terminal.language,
  lane: acceptance.lane,
});
