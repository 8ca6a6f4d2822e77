import { describe, expect, test } from 'vitest';
import { CONTROL } from '#drivers/xmodem/frame.ts';
import { openPort, receiveAt, send } from './lrzsz-receiver.ts';

const imageOf = (bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff);

const BACKSPACE = 0x08;

/** What a receiver of XMODEM has of an image: it knows no length, so the last block is whole. */
const padded = (image: Uint8Array): Uint8Array => {
  const rest = image.length % 1024;
  const end = rest > 896 ? 1024 : Math.ceil(rest / 128) * 128;
  const whole = new Uint8Array(image.length - rest + end).fill(CONTROL.PAD);
  whole.set(image);
  return whole;
};

const same = (got: Buffer, image: Uint8Array): boolean => got.equals(padded(image));

/** Ends of blocks, and an image of some size. */
const SIZES = [1, 128, 129, 1023, 1024, 1025, 102_400];
const LARGE = process.env['COUNTERTAP_LARGE_IMAGE'] === undefined ? [] : [1_048_576];

// Side by side: most of the time is lrzsz's, which waits for seconds before it asks again.
describe.concurrent("an image over a pseudo-terminal to Debian's lrzsz", () => {
  test.for([...SIZES, ...LARGE])(
    '%i bytes arrive as they were sent, filled up with 1A to the end of a block',
    { timeout: 60_000 },
    async (bytes, { onTestFinished }) => {
      const port = await openPort({ onTestFinished });
      const receiver = await receiveAt(port);
      const image = imageOf(bytes);
      expect(await send(port, image)).toBe('done');
      expect(await receiver.ended).toBe(0);
      expect(same(await receiver.file(), image)).toBe(true);
    },
  );

  test('noise in blocks and between replies costs repeats and no byte', async ({
    onTestFinished,
  }) => {
    const port = await openPort({ onTestFinished });
    let chunks = 0;
    let damaged = 0;
    const receiver = await receiveAt(port, {
      toReceiver: (bytes) => {
        chunks += 1;
        if (chunks % 7 !== 0) return bytes;
        damaged += 1;
        const worse = Uint8Array.from(bytes);
        worse[worse.length >> 1] = ~(worse[worse.length >> 1] ?? 0);
        return worse;
      },
      toSender: (bytes) => Uint8Array.from([0x00, 0xff, ...bytes, 0x7e]),
    });
    const image = imageOf(30_000);
    expect(await send(port, image)).toBe('done');
    expect(await receiver.ended).toBe(0);
    expect(same(await receiver.file(), image)).toBe(true);
    expect(damaged).toBeGreaterThan(2);
  }, 120_000);

  test('an ACK that is lost is asked for again by the receiver', async ({ onTestFinished }) => {
    const port = await openPort({ onTestFinished });
    let acks = 0;
    const receiver = await receiveAt(port, {
      toSender: (bytes) => bytes.filter((byte) => byte !== CONTROL.ACK || ++acks !== 6),
    });
    const image = imageOf(20_000);
    expect(await send(port, image)).toBe('done');
    expect(await receiver.ended).toBe(0);
    expect(same(await receiver.file(), image)).toBe(true);
    expect(acks).toBeGreaterThan(20);
  }, 120_000);

  test('ACKs that come twice are not taken for those of the next block', async ({
    onTestFinished,
  }) => {
    const port = await openPort({ onTestFinished });
    let damaged = false;
    const receiver = await receiveAt(port, {
      toReceiver: (bytes) => {
        if (damaged || bytes[0] !== CONTROL.STX || bytes[1] !== 3) return bytes;
        damaged = true;
        return Uint8Array.from(bytes).fill(0, 100, 101);
      },
      toSender: (bytes) => Uint8Array.from([...bytes].flatMap((byte) => [byte, byte])),
    });
    const image = imageOf(20_000);
    expect(await send(port, image)).toBe('done');
    expect(await receiver.ended).toBe(0);
    expect(same(await receiver.file(), image)).toBe(true);
  }, 60_000);

  test('the last ACK lost, nobody can say whether it is done', async ({ onTestFinished }) => {
    const port = await openPort({ onTestFinished });
    let isOver = false;
    const receiver = await receiveAt(port, {
      toReceiver: (bytes) => {
        isOver ||= bytes.length === 1 && bytes[0] === CONTROL.EOT;
        return bytes;
      },
      toSender: (bytes) => (isOver ? new Uint8Array(0) : bytes),
    });
    const image = imageOf(3000);
    expect(await send(port, image, { endMs: 2500 })).toBe('unconfirmed');
    expect(await receiver.ended).toBe(0);
    expect(same(await receiver.file(), image)).toBe(true);
  }, 30_000);

  test('a receiver that is killed midway ends the transfer, and the next one works', async ({
    onTestFinished,
  }) => {
    const port = await openPort({ onTestFinished });
    const receiver = await receiveAt(port);
    const image = imageOf(200_000);
    const failed = await send(port, image, {
      replyMs: 1500,
      progress: (bytes) => {
        if (bytes > 50_000) receiver.kill();
      },
    });
    expect(failed).toMatchObject({ fault: 'timeout' });
    await receiver.ended;
    // What was sent to the dead one must not meet the next one.
    await port.device.gets((bytes) => bytes.at(-1) === BACKSPACE);
    const next = await receiveAt(port);
    expect(await send(port, image)).toBe('done');
    expect(await next.ended).toBe(0);
    expect(same(await next.file(), image)).toBe(true);
  }, 60_000);

  test('ended by us, the receiver is told by CAN CAN and leaves', async ({ onTestFinished }) => {
    const port = await openPort({ onTestFinished });
    const receiver = await receiveAt(port);
    const ending = new AbortController();
    const failed = await send(port, imageOf(200_000), {
      signal: ending.signal,
      progress: (bytes) => {
        if (bytes > 50_000) ending.abort();
      },
    });
    expect(failed).toMatchObject({ fault: 'aborted' });
    // By its own will, with an error, and long before its time-outs.
    expect(await receiver.ended).toBeGreaterThan(0);
  }, 30_000);

  test('a receiver that sends CAN CAN ends the transfer at once', async ({ onTestFinished }) => {
    const port = await openPort({ onTestFinished });
    let blocks = 0;
    await receiveAt(port, {
      toSender: (bytes) => (++blocks === 5 ? Uint8Array.of(CONTROL.CAN, CONTROL.CAN) : bytes),
    });
    const failed = await send(port, imageOf(20_000));
    expect(failed).toMatchObject({ fault: 'transmission' });
  }, 30_000);

  test('one CAN alone is noise', async ({ onTestFinished }) => {
    const port = await openPort({ onTestFinished });
    const receiver = await receiveAt(port, {
      toSender: (bytes) => Uint8Array.from([CONTROL.CAN, ...bytes]),
    });
    const image = imageOf(5000);
    expect(await send(port, image)).toBe('done');
    expect(await receiver.ended).toBe(0);
    expect(same(await receiver.file(), image)).toBe(true);
  }, 30_000);

  test('a mute receiver is a fault after its time, and gets nothing but CAN', async ({
    onTestFinished,
  }) => {
    const port = await openPort({ onTestFinished });
    expect(await send(port, imageOf(1000), { startMs: 300 })).toMatchObject({ fault: 'timeout' });
    const got = await port.device.gets((bytes) => bytes.length >= 16);
    expect([...got.subarray(0, 8)]).toEqual(Array(8).fill(CONTROL.CAN));
    expect(got).toHaveLength(16);
  }, 30_000);
});
