import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import {
  abortOf,
  cardIsAwaited,
  detailsIn,
  message,
  openCounter,
  payment,
  type TestCounter,
  tap,
} from './counter.ts';

let counter: TestCounter;
beforeEach(async () => {
  counter = await openCounter();
});
afterEach(() => counter.harness.close());

describe('an input', () => {
  const text = (...texts: string[]) => ({
    OutputFormat: 'Text',
    OutputText: texts.map((Text) => ({ Text })),
  });
  const inputOf = (
    InputCommand: string,
    content: object,
    more: object = {},
    menu?: object[],
    header: Readonly<Record<string, unknown>> = {},
  ) =>
    message(
      'Input',
      {
        DisplayOutput: {
          Device: 'CustomerDisplay',
          InfoQualify: 'Display',
          OutputContent: content,
          ...(menu ? { MenuEntry: menu } : {}),
        },
        InputData: {
          Device: 'CustomerInput',
          InfoQualify: 'Input',
          InputCommand,
          MaxInputTime: 30,
          ...more,
        },
      },
      header,
    );

  it('asks for a confirmation in the words of the till', async () => {
    counter.shopper = async () => ({ kind: 'confirmation', confirmed: true });
    const asked = inputOf('GetConfirmation', text('Club', 'Join us?', 'No', 'Yes'));
    const { InputResult } = await counter.send(asked);
    expect(InputResult.Input).toEqual({ InputCommand: 'GetConfirmation', ConfirmedFlag: true });
    expect(counter.asked[0]?.question).toEqual({
      title: 'Club',
      text: 'Join us?',
      ask: { kind: 'confirmation', yes: 'Yes', no: 'No' },
      withinMs: 30_000,
    });
  });

  it.each([
    ['DigitString', 'digits', '0123', { DigitInput: '0123' }],
    ['DecimalString', 'digits', '12.5', { DigitInput: '12.5' }],
    ['TextString', 'text', 'a@b.example', { TextInput: 'a@b.example' }],
  ] as const)('%s gives what was typed, and no log has it', async (command, kind, typed, input) => {
    counter.shopper = async () => ({ kind, typed });
    const { InputResult } = await counter.send(inputOf(command, text('Phone')));
    expect(InputResult.Input).toEqual({ InputCommand: command, ...input });
    expect(JSON.stringify(counter.lines)).not.toContain(typed);
  });

  it('of a menu has a one for each entry that was chosen', async () => {
    counter.shopper = async () => ({ kind: 'menu', chosen: [1] });
    const menu = [text('Small'), text('Large'), text('Huge')];
    const { InputResult } = await counter.send(inputOf('GetMenuEntry', text('Size?'), {}, menu));
    expect(InputResult.Input.MenuEntryNumber).toEqual([0, 1, 0]);
    expect(counter.asked[0]?.question.ask).toEqual({
      kind: 'menu',
      entries: ['Small', 'Large', 'Huge'],
      several: false,
      initial: [],
    });
  });

  it('of a signature gives its points, with the pen lifted between strokes', async () => {
    const strokes = [
      [
        [0, 1],
        [255, 16],
      ],
      [[3, 4]],
    ] as const;
    counter.shopper = async () => ({
      kind: 'signature',
      signature: { width: 300, height: 100, strokes },
    });
    const content = { ...text('Sign'), PredefinedContent: { ReferenceID: 'GetSignature' } };
    const { InputResult } = await counter.send(inputOf('GetConfirmation', content));
    expect(JSON.parse(detailsIn(InputResult.Response)['signature'] ?? '')).toEqual({
      AreaSize: { X: '12C', Y: '64' },
      SignaturePoint: [
        { X: '0', Y: '1' },
        { X: 'FF', Y: '10' },
        { X: 'FFFF', Y: 'FFFF' },
        { X: '3', Y: '4' },
        { X: 'FFFF', Y: 'FFFF' },
      ],
    });
  });

  it.each([
    ['cancelled', 'Cancel'],
    ['timedOut', 'Cancel'],
    ['busy', 'Busy'],
    ['noDisplay', 'UnavailableDevice'],
  ] as const)('that is %s is %s', async (kind, condition) => {
    counter.shopper = async () => ({ kind });
    const { InputResult } = await counter.send(inputOf('TextString', text('Name')));
    expect(InputResult.Response.ErrorCondition).toBe(condition);
  });

  it('is changed by the till while it is open, and broken off', async () => {
    counter.shopper = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'aborted' })),
      );
    const asked = inputOf('TextString', text('Name'));
    const { ServiceID } = asked.SaleToPOIRequest.MessageHeader;
    const answer = counter.send(asked);
    await vi.waitUntil(() => counter.asked.length > 0);
    const update = (reference: object) =>
      message('InputUpdate', {
        MessageReference: { MessageCategory: 'Input', ServiceID, ...reference },
        OutputContent: text('Name', 'In full'),
      });
    expect(await counter.send(update({}))).toBeUndefined();
    expect(await counter.send(update({ ServiceID: 'NONE' }))).toBeUndefined();
    expect(counter.instead).toEqual([expect.objectContaining({ title: 'Name', text: 'In full' })]);
    expect((await counter.send(payment())).Response.ErrorCondition).toBe('Busy');
    await counter.send(abortOf(ServiceID));
    expect((await answer).InputResult.Response.ErrorCondition).toBe('Aborted');
  });

  it('with a DeviceID is broken off by its ServiceID alone', async () => {
    counter.shopper = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'aborted' })),
      );
    const asked = inputOf('TextString', text('Name'), {}, undefined, { DeviceID: 'D1' });
    const answer = counter.send(asked);
    await vi.waitUntil(() => counter.asked.length > 0);
    await counter.send(abortOf(asked.SaleToPOIRequest.MessageHeader.ServiceID));
    expect((await answer).InputResult.Response.ErrorCondition).toBe('Aborted');
  });

  it.each(['GetAnyKey', 'GetFunctionKey', 'Password', 'SiteManager'])(
    '%s is not done here',
    async (command) => {
      const { InputResult } = await counter.send(inputOf(command, text('Press')));
      expect(InputResult.Response.ErrorCondition).toBe('UnavailableDevice');
    },
  );
});

describe('a display request', () => {
  const displayOf = (Device: string, content: object) =>
    message('Display', {
      DisplayOutput: [{ Device, InfoQualify: 'Display', OutputContent: content }],
    });
  const hello = { OutputFormat: 'Text', OutputText: [{ Text: 'Hello' }, { Text: 'Sara' }] };

  it('shows a text to the shopper, and takes it away', async () => {
    const { OutputResult } = await counter.send(displayOf('CustomerDisplay', hello));
    expect(OutputResult[0].Response.Result).toBe('Success');
    const idle = { OutputFormat: 'MessageRef', PredefinedContent: { ReferenceID: 'Idle' } };
    await counter.send(displayOf('CustomerDisplay', idle));
    expect(counter.told).toEqual([{ title: 'Hello', text: 'Sara' }, undefined]);
  });

  it('finds no display for the cashier, and the other one busy with a payment', async () => {
    const cashier = await counter.send(displayOf('CashierDisplay', hello));
    expect(cashier.OutputResult[0].Response.ErrorCondition).toBe('UnavailableDevice');
    const answer = counter.send(payment());
    await cardIsAwaited(counter);
    const shopper = await counter.send(displayOf('CustomerDisplay', hello));
    expect(shopper.OutputResult[0].Response.ErrorCondition).toBe('Busy');
    await tap(counter);
    await answer;
  });
});

describe('a print request', () => {
  const printOf = (...texts: object[]) =>
    message('Print', {
      PrintOutput: {
        DocumentQualifier: 'Document',
        ResponseMode: 'PrintEnd',
        OutputContent: { OutputFormat: 'Text', OutputText: texts },
      },
    });

  it('without a printer finds no such device', async () => {
    const { Response } = await counter.send(printOf({ Text: 'Thanks' }));
    expect(Response.ErrorCondition).toBe('UnavailableDevice');
  });

  it('is printed once, line by line, and receipts in pairs', async () => {
    counter.harness.close();
    const printed: Receipt[] = [];
    let paper = true;
    counter = await openCounter({
      parts: {
        print: async (receipt) => {
          if (!paper) return fault('device', 'no paper');
          printed.push(receipt);
          return undefined;
        },
      },
    });
    const asked = printOf(
      { Text: 'Thank ', EndOfLineFlag: false },
      { Text: 'you', CharacterStyle: 'Bold' },
      { Text: 'name=Total&value=USD%2012.50&key=totalAmount' },
    );
    expect((await counter.send(asked)).Response.Result).toBe('Success');
    await counter.send(asked);
    expect(printed).toEqual([
      {
        language: 'en',
        parts: [
          { part: 'line', text: 'Thank you', strong: true },
          { part: 'pair', label: 'Total', value: 'USD 12.50' },
        ],
      },
    ]);
    paper = false;
    expect((await counter.send(printOf({ Text: 'x' }))).Response.ErrorCondition).toBe('DeviceOut');
  });
});
