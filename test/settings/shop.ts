import { isConfigProblem } from '#config/problem.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type Configured, isSettingsProblem, openShopSettings } from '#settings/index.ts';
import type { LimitName, SettingsView } from '#settings/types.ts';
import { type Durable, type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const loaded = loadConfiguration('base');
if (isConfigProblem(loaded)) throw new Error('the base configuration is broken');

/** Two sets of the base configuration: set 0 is Visa's, set 1 Mastercard's. */
export const base: Configured = {
  contactless: loaded.contactless,
  sets: loaded.sets.slice(0, 2),
  texts: loaded.texts,
  currency: loaded.terminal.terminal.currency,
};

export const VISA = 0;
export const MASTERCARD = 1;
export const ann = { person: 'Ann', role: 'manager' };
export const NOON_MS = 1_790_000_000_000;

export const openShop = async (
  configured: Configured = base,
  from?: Durable | MemoryJournal,
): Promise<Shop> => {
  const lines: string[] = [];
  const at = (level: string) => (_: object, message: string) => {
    lines.push(`${level}: ${message}`);
  };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const clock = { wallMs: () => NOON_MS };
  const journal = from && 'append' in from ? from : memoryJournal(clock.wallMs, from);
  const settings = await openShopSettings({ journal, configured, clock, log });
  return { settings, journal, lines };
};

interface Shop {
  readonly settings: Awaited<ReturnType<typeof openShopSettings>>;
  readonly journal: MemoryJournal;
  readonly lines: readonly string[];
}

/** The view after a change that must have been taken. */
export const taken = (changed: Awaited<ReturnType<Shop['settings']['change']>>): SettingsView => {
  if (isSettingsProblem(changed) || isFault(changed)) throw new Error(JSON.stringify(changed));
  return changed;
};

export const limitIn = (view: SettingsView, set: number, name: LimitName) =>
  view.limits[set]?.limits.find((one) => one.name === name);

export const screenIn = (view: SettingsView, language: string, screen: string) =>
  view.texts.find((one) => one.language === language)?.screens.find((one) => one.screen === screen);
