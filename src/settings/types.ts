import type { Observable } from 'rxjs';
import type { CombinationSet } from '#config/combinations-config.ts';
import type { Texts } from '#config/texts-config.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { Fault } from '#ports/fault.ts';

/** What the configuration says: the ground that a shop's changes lie on. */
export interface Configured {
  readonly contactless: ReaderConfiguration;
  /** The sets that `contactless` was put together from, in their order. */
  readonly sets: readonly CombinationSet[];
  readonly texts: Readonly<Record<string, Texts>>;
  /** Three letters: what the limits are in. */
  readonly currency: string;
}

/**
 * The limits and texts that count now: the configuration's, with the shop's changes over them. The
 * changes are kept in the journal, whole with each one, and read back at the next start.
 */
export interface ShopSettings {
  view(): SettingsView;
  /**
   * Written, then in force. A problem or a fault: nothing was changed.
   * @param change a `SettingsChange` from outside
   */
  change(change: unknown, by: ChangedBy): Promise<SettingsView | SettingsProblem | Fault>;
  /** For the next payment. Put together when something changes, not when it is asked for. */
  contactless(): ReaderConfiguration;
  /** For the next picture, by language. */
  texts(): Readonly<Record<string, Texts>>;
  /** Emits after each change that took effect; doesn't replay. */
  readonly changes$: Observable<SettingsView>;
}

export interface ChangedBy {
  readonly person: string;
  readonly role: string;
}

export interface SettingsView {
  readonly limits: readonly LimitsLine[];
  readonly texts: readonly TextsLine[];
  readonly changedBy?: string;
  readonly changedAtMs?: number;
  /** What the shop once changed and what doesn't count now, and why: a sentence each. */
  readonly notInForce: readonly string[];
}

export interface LimitsLine {
  /** Which set of combinations.json, from 0. */
  readonly set: number;
  readonly title: string;
  readonly aids: readonly string[];
  readonly currency: string;
  readonly limits: readonly LimitView[];
}

export interface LimitView {
  readonly name: LimitName;
  readonly title: string;
  /** Minor units: as configured, and as it is in force. A shop may go below, never above. */
  readonly configuredMinor?: number;
  readonly minor?: number;
}

/** The fourth is kernel 2's alone: it tells devices that check their holder (CDCVM) from others. */
export type LimitName =
  | 'readerContactlessTransactionLimit'
  | 'readerContactlessTransactionLimitNoCdcvm'
  | 'readerContactlessFloorLimit'
  | 'readerCvmRequiredLimit';

export interface ScreenWords {
  readonly headline: string;
  readonly detail: string;
}

export interface TextsLine {
  readonly language: string;
  readonly name: string;
  readonly screens: readonly {
    readonly screen: string;
    readonly headline: string;
    readonly detail: string;
    readonly changed: boolean;
    readonly configured: ScreenWords;
  }[];
}

/** null puts back what the configuration says. */
export interface SettingsChange {
  readonly limits?: readonly {
    readonly set: number;
    readonly name: LimitName;
    readonly minor: number | null;
  }[];
  readonly texts?: readonly {
    readonly language: string;
    readonly screen: string;
    readonly words: ScreenWords | null;
  }[];
}

/** What differs from the configuration. */
export interface Overlay {
  readonly limits: readonly ShopLimit[];
  readonly texts: readonly ShopWords[];
}

export interface ShopLimit {
  readonly set: number;
  readonly name: LimitName;
  readonly minor: number;
}

export interface ShopWords {
  readonly language: string;
  readonly screen: string;
  readonly words: ScreenWords;
}

/** Why a change can't be taken, for the person who asked for it. Nothing was changed. */
export interface SettingsProblem {
  readonly settingsProblem: true;
  /** Such as "limits.0.minor"; empty for the whole. */
  readonly field: string;
  /** What is wrong, and what would be right. */
  readonly problem: string;
}

export const settingsProblem = (field: string, problem: string): SettingsProblem => ({
  settingsProblem: true,
  field,
  problem,
});

export const isSettingsProblem = (value: unknown): value is SettingsProblem =>
  typeof value === 'object' && value !== null && 'settingsProblem' in value;
