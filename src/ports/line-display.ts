import type { DeviceList } from './devices.ts';

/** A display of two lines, for the shopper. What is too long is cut, never wrapped. */
export interface LineDisplay extends DeviceList {
  show(upper: string, lower: string): void;
  close(): Promise<void>;
}
