import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { openShopSettings, type ShopSettings } from '#settings/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { clock } from '../world.ts';

/** The limits and texts that this shop has changed, over those of its configuration. */
export const openSettings = (
  { contactless, sets, texts, terminal }: Configuration,
  journal: Journal,
  log: Log,
): Promise<ShopSettings> => {
  const { currency } = terminal.terminal;
  return openShopSettings({
    ...{ journal, clock, log },
    configured: { contactless, sets, texts, currency },
  });
};
