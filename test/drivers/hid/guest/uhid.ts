import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

// linux/uhid.h: types of events, and bytes of the fields before the data.
const DESTROY = 1;
const OUTPUT = 6;
const GET_REPORT = 9;
const GET_REPORT_REPLY = 10;
const CREATE2 = 11;
const INPUT2 = 12;
const SET_REPORT = 13;
const SET_REPORT_REPLY = 14;
const DATA_MAX = 4096;
const EVENT_MAX = 4 + 4 + 2 + 1 + 1 + DATA_MAX + 256;
const BUS_USB = 3;
const EIO = 5;

export interface VirtualDevice {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly descriptor: Uint8Array;
  /** What the computer sends: "output 0440", "feature FE01". */
  readonly heard: (line: string) => void;
}

export interface Plugged {
  send(report: Uint8Array): void;
  unplug(): void;
}

/** A HID device that the kernel takes for a real one; goes with `unplug`. */
export const plugIn = (device: VirtualDevice): Plugged => {
  const file = openSync('/dev/uhid', constants.O_RDWR | constants.O_NONBLOCK);
  writeSync(file, createEvent(device));
  const timer = setInterval(() => hear(file, device.heard), 20);
  return {
    send: (report) => {
      const event = Buffer.alloc(4 + 2 + report.length);
      event.writeUInt32LE(INPUT2, 0);
      event.writeUInt16LE(report.length, 4);
      event.set(report, 6);
      writeSync(file, event);
    },
    unplug: () => {
      clearInterval(timer);
      const event = Buffer.alloc(4);
      event.writeUInt32LE(DESTROY, 0);
      writeSync(file, event);
      closeSync(file);
    },
  };
};

// struct uhid_create2_req: name 128, phys 64, uniq 64, size 2, bus 2, four numbers, descriptor.
const createEvent = (device: VirtualDevice): Buffer => {
  const event = Buffer.alloc(4 + 276 + device.descriptor.length);
  event.writeUInt32LE(CREATE2, 0);
  event.write(device.name, 4, 127);
  event.write(device.serial, 4 + 128 + 64, 63);
  event.writeUInt16LE(device.descriptor.length, 4 + 256);
  event.writeUInt16LE(BUS_USB, 4 + 258);
  event.writeUInt32LE(device.vendorId, 4 + 260);
  event.writeUInt32LE(device.productId, 4 + 264);
  event.set(device.descriptor, 4 + 276);
  return event;
};

const hear = (file: number, heard: (line: string) => void): void => {
  for (;;) {
    const event = Buffer.alloc(EVENT_MAX);
    try {
      if (readSync(file, event) === 0) return;
    } catch {
      // Nothing more for now.
      return;
    }
    const type = event.readUInt32LE(0);
    if (type === OUTPUT) heard(`output ${hexOf(event, 4, event.readUInt16LE(4 + DATA_MAX))}`);
    if (type === GET_REPORT) reply(file, GET_REPORT_REPLY, event, EIO);
    if (type === SET_REPORT) {
      heard(`feature ${hexOf(event, 12, event.readUInt16LE(10))}`);
      reply(file, SET_REPORT_REPLY, event, 0);
    }
  }
};

const reply = (file: number, type: number, event: Buffer, error: number): void => {
  const answer = Buffer.alloc(4 + 4 + 2 + 2);
  answer.writeUInt32LE(type, 0);
  answer.writeUInt32LE(event.readUInt32LE(4), 4);
  answer.writeUInt16LE(error, 8);
  writeSync(file, answer);
};

const hexOf = (event: Buffer, at: number, length: number): string =>
  event.toString('hex', at, at + length).toUpperCase();
