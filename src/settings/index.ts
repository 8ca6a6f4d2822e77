export { openShopSettings, type ShopSettingsParts } from './shop-settings.ts';
export {
  type ChangedBy,
  type Configured,
  isSettingsProblem,
  type LimitName,
  type LimitsLine,
  type LimitView,
  type SettingsChange,
  type SettingsProblem,
  type SettingsView,
  type ShopSettings,
  type TextsLine,
} from './types.ts';
