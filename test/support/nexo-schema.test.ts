import { describe, expect, it } from 'vitest';
import { judge, judgeForm, judgeStructure } from './nexo-schema.ts';
import { approved, broken, display, event, moment, response, values } from './nexo-schema-cases.ts';

describe('the judge', () => {
  it('finds nothing in a payment that Adyen publishes', () => {
    expect(judge(response(approved))).toEqual([]);
  });

  it('finds nothing in an event, and in a request to display that wants no answer', () => {
    const body = { TimeStamp: moment.TimeStamp, EventToNotify: 'Shutdown' };
    expect(judge(event(body))).toEqual([]);
    expect(judge(display({ DeviceID: '1' }))).toEqual([]);
  });

  it.each(Object.entries(broken))('says where a message has %s', (_, [message, fault]) => {
    expect(judge(message)).toEqual([fault]);
  });

  it.each(values)('takes no other value: %s.%s, %#', (structure, field, value, says) => {
    const faults = judgeStructure(structure, { [field]: value }, structure, false);
    const about = faults.filter((fault) => fault.startsWith(`${structure}.${field}`));
    expect(about).toEqual([`${structure}.${field}${says}`]);
  });

  it('leaves what only the descriptions say out, when only the form is asked for', () => {
    const message = response({ ...approved, Response: { Result: 'Failure' } });
    expect(judgeForm(message)).toEqual([]);
    expect(judge(message)).not.toEqual([]);
  });
});
