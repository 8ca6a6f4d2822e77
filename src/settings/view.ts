import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { isKernel2, namesOf } from './limits.ts';
import { aidsOf, combinationsOf, limitOfSet, titlesOf } from './sets.ts';
import type {
  Configured,
  LimitName,
  LimitsLine,
  LimitView,
  Overlay,
  SettingsView,
  TextsLine,
} from './types.ts';

/** Limits and texts side by side: as configured, and as they count. */
export const viewOf = (
  configured: Configured,
  overlay: Overlay,
  inForce: Pick<Configured, 'contactless' | 'texts'>,
): Pick<SettingsView, 'limits' | 'texts'> => ({
  limits: limitsLines(configured, inForce.contactless),
  texts: Object.keys(configured.texts).flatMap((language) =>
    textsLine(configured, overlay, inForce, language),
  ),
});

const limitsLines = (
  configured: Configured,
  contactless: ReaderConfiguration,
): readonly LimitsLine[] => {
  const titles = titlesOf(configured.sets);
  const before = combinationsOf(configured);
  const after = combinationsOf({ ...configured, contactless });
  return configured.sets.map((set, index) => {
    const own = before[index] ?? [];
    const limit = (name: LimitName): LimitView => {
      const configuredMinor = limitOfSet(own, name, contactless.terminal);
      const minor = limitOfSet(after[index] ?? [], name, contactless.terminal);
      return {
        name,
        title: titleOf(name, own),
        ...(configuredMinor === undefined ? {} : { configuredMinor }),
        ...(minor === undefined ? {} : { minor }),
      };
    };
    return {
      set: index,
      title: titles[index] ?? '',
      aids: aidsOf(set),
      currency: configured.currency,
      limits: namesOf(own).map(limit),
    };
  });
};

// To the minor unit: kernel 2 means "over", Entry Point "equal or over".
const titleOf = (name: LimitName, combinations: readonly Combination[]): string => {
  const own = combinations.filter(isKernel2).length;
  const from = own === 0 ? FROM : own === combinations.length ? ABOVE : EITHER;
  switch (name) {
    case 'readerContactlessTransactionLimit':
      return `No contactless payment ${from}`;
    case 'readerContactlessTransactionLimitNoCdcvm':
      return `Only phones and watches that have checked their holder ${from}`;
    case 'readerContactlessFloorLimit':
      return `The bank is always asked ${ABOVE}`;
    case 'readerCvmRequiredLimit':
      return `PIN, signature or a check on the phone ${from}`;
  }
};

const ABOVE = 'above this amount';
const FROM = 'from this amount on';
const EITHER = 'from, or just above, this amount';

const textsLine = (
  configured: Configured,
  overlay: Overlay,
  inForce: Pick<Configured, 'texts'>,
  language: string,
): readonly TextsLine[] => {
  const before = configured.texts[language];
  const now = inForce.texts[language];
  if (before === undefined || now === undefined) return [];
  const changed = new Set(
    overlay.texts.flatMap((one) => (one.language === language ? one.screen : [])),
  );
  const screens = Object.entries(before.screens).map(([screen, words]) => ({
    screen,
    ...now.screens[screen as keyof typeof now.screens],
    changed: changed.has(screen),
    configured: words,
  }));
  return [{ language, name: before.name, screens }];
};
