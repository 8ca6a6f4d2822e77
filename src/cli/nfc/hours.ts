import {
  DAYS,
  type Day,
  type DecisionProblem,
  decisionProblem,
  type Hours,
  type WeeklyHours,
} from '#acceptance/index.ts';

/**
 * Weekly hours as a person types them: "mon-fri 09:00-18:00, sat 9-13"; days before each span,
 * every day where none is named.
 */
export const parseHours = (text: string): WeeklyHours | DecisionProblem => {
  const hours: Hours[] = [];
  let days: Day[] = [];
  for (const word of words(text)) {
    const named = daysOf(word);
    if (named !== undefined) {
      days.push(...named);
      continue;
    }
    const span = spanOf(word);
    if (span === undefined) return unreadable(`"${word}" is neither days nor hours`);
    const on = days.length === 0 ? DAYS : DAYS.filter((day) => days.includes(day));
    hours.push({ days: on, ...span });
    days = [];
  }
  if (days.length > 0) return unreadable(`no hours stand behind ${days.join(' ')}`);
  return hours.length === 0 ? unreadable('nothing is there') : hours;
};

const unreadable = (what: string): DecisionProblem =>
  decisionProblem('hours', `${what}: expected such as "mon-fri 09:00-18:00, sat 10:00-14:00"`);

// "mon - fri 9 - 18": a dash belongs to what stands around it.
const words = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/\s*[-–]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter(Boolean);

const daysOf = (word: string): Day[] | undefined => {
  if (word === 'daily') return [...DAYS];
  const ends = word.split('-').map(dayOf);
  const [from, to = from] = ends;
  if (from === undefined || to === undefined || ends.length > 2 || ends.includes(undefined)) {
    return undefined;
  }
  const days = (to - from + 7) % 7;
  return Array.from({ length: days + 1 }, (_, ahead) => DAYS[(from + ahead) % 7] ?? 'mon');
};

const dayOf = (word: string): number | undefined => {
  const at = NAMES.findIndex((name) => word.length >= 3 && name.startsWith(word));
  return at < 0 ? undefined : at;
};

const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const spanOf = (word: string): { readonly from: string; readonly to: string } | undefined => {
  const [, from = '', fromMinute = '00', to = '', toMinute = '00'] =
    /^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?$/.exec(word) ?? [];
  if (from === '') return undefined;
  return {
    from: `${from.padStart(2, '0')}:${fromMinute}`,
    to: `${to.padStart(2, '0')}:${toMinute}`,
  };
};
