import { expect, test } from 'vitest';
import { onlineTerminal, tapCard } from '#test/support/emulated-tap.ts';

const AMOUNT = { amount: 1250 };

test('a card whose scheme has no public book is asked to be inserted, and told why', () => {
  const { outcome, commands } = tapCard('interac', onlineTerminal(), AMOUNT);
  expect(outcome).toMatchObject({
    outcome: 'tryAnotherInterface',
    uiOnOutcome: { messageId: '18' },
    why: [{ why: 'no public book describes the contactless kernel of Interac' }],
  });
  expect(commands).toEqual(['SELECT PPSE']);
});

test('where no other interface is configured it is a card without candidates (3.3.2.7)', () => {
  const { otherInterface, ...byTheBook } = onlineTerminal();
  expect(otherInterface).toContainEqual(expect.objectContaining({ name: 'Interac' }));
  const { outcome } = tapCard('interac', byTheBook, AMOUNT);
  expect(outcome).toMatchObject({ outcome: 'endApplication', uiOnOutcome: { messageId: '1C' } });
});

test('a card that has nothing of either is asked for another card', () => {
  const { outcome } = tapCard('transit', onlineTerminal(), AMOUNT);
  expect(outcome).toMatchObject({ outcome: 'endApplication', uiOnOutcome: { messageId: '1C' } });
});
