import type { Day } from '#acceptance/index.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Group, OneOf, SomeOf } from '../pieces/choices.tsx';
import { TextField } from '../pieces/field.tsx';
import { errorOf } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import type { Draft, HoursDraft } from './draft.ts';
import { WEEK } from './hours-words.ts';
import type { PartProps } from './part-props.ts';

/** From when until when, and within which hours of the week. */
export const WhenFields = (props: PartProps) => {
  const { draft, change, errors } = props;
  const { session } = useConsole();
  const zone = fill(T.when.zone, { zone: session.timeZone });
  return (
    <Group legend={T.when.legend} hint={zone}>
      <Group minor legend={T.when.until} error={draft.until === 'at' ? undefined : errors['until']}>
        <OneOf<Draft['until']>
          name="until"
          value={draft.until}
          options={[
            ['open', T.when.open[draft.action]],
            ['hour', T.when.hour],
            ['today', T.when.today],
            ['at', T.when.at],
          ]}
          onValue={(until) => change({ until })}
        />
        {draft.until === 'at' && (
          <TextField
            name="untilAt"
            label={T.when.untilAt}
            type="datetime-local"
            value={draft.untilAt}
            error={errors['until']}
            onValue={(untilAt) => change({ untilAt })}
          />
        )}
      </Group>
      <details class="more">
        <summary>{T.when.later}</summary>
        <FromFields {...props} />
        <HoursFields {...props} />
      </details>
    </Group>
  );
};

const FromFields = ({ draft, change, errors }: PartProps) => (
  <Group minor legend={T.when.from} error={draft.from === 'at' ? undefined : errors['from']}>
    <OneOf<Draft['from']>
      name="from"
      value={draft.from}
      options={[
        ['now', T.when.now],
        ['at', T.when.at],
      ]}
      onValue={(from) => change({ from })}
    />
    {draft.from === 'at' && (
      <TextField
        name="fromAt"
        label={T.when.fromAt}
        type="datetime-local"
        value={draft.fromAt}
        error={errors['from']}
        onValue={(fromAt) => change({ fromAt })}
      />
    )}
  </Group>
);

const NEW_HOURS: HoursDraft = { days: [], from: '08:00', to: '20:00' };

const HoursFields = ({ draft, change, errors }: PartProps) => {
  const replace = (row: number, some: Partial<HoursDraft>): void =>
    change({ hours: draft.hours.map((one, at) => (at === row ? { ...one, ...some } : one)) });
  const error = (row: number) => errorOf(errors, `hours.${row}`);
  return (
    <Group minor legend={T.when.hours} hint={T.when.hoursHint}>
      {draft.hours.map((hours, row) => (
        <Group minor key={row} legend={fill(T.when.row, { row: `${row + 1}` })} error={error(row)}>
          <SomeOf<Day>
            narrow
            name={`days${row}`}
            values={hours.days}
            options={WEEK.map((day) => [day, T.days[day]] as const)}
            onValues={(days) => replace(row, { days })}
          />
          <div class="pair">
            <TextField
              name={`hoursFrom${row}`}
              label={T.when.hoursFrom}
              type="time"
              value={hours.from}
              onValue={(from) => replace(row, { from })}
            />
            <TextField
              name={`hoursTo${row}`}
              label={T.when.hoursTo}
              type="time"
              value={hours.to}
              onValue={(to) => replace(row, { to })}
            />
          </div>
          <Button
            kind="quiet"
            about={fill(T.when.row, { row: `${row + 1}` })}
            onPress={() => change({ hours: draft.hours.filter((_, at) => at !== row) })}
          >
            {T.remove}
          </Button>
        </Group>
      ))}
      <Button icon="add" onPress={() => change({ hours: [...draft.hours, NEW_HOURS] })}>
        {T.when.addHours}
      </Button>
    </Group>
  );
};
