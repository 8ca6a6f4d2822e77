/** Devices that take firmware, of the same rank as real ones: a serial one and one of HID. */

export {
  DESCRIPTOR as SIMULATED_HID_DESCRIPTOR,
  type HidPeripheral,
  type HidPeripheralAtBus,
  hidPeripheral,
  hidPeripheralAtBus,
  SIMULATED_HID,
} from './hid-device.ts';
export { simulatedFirmware } from './image.ts';
export {
  type SerialPeripheral,
  type SerialPeripheralAtPort,
  serialPeripheral,
  serialPeripheralAtPort,
} from './serial-device.ts';
export { readBlock } from './xmodem-receiver.ts';
