import type { DecisionOptions } from '../../api.ts';
import { Group, OneOf, SomeOf } from '../pieces/choices.tsx';
import { SelectField, TextField } from '../pieces/field.tsx';
import { errorOf } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import { type Draft, fits, PARTS, type PartName, partsOf } from './draft.ts';
import type { PartProps } from './part-props.ts';

interface ScopeFieldsProps extends PartProps {
  readonly options: DecisionOptions;
}

/** What the decision is about: one thing first, more things that narrow it on demand. */
export const ScopeFields = ({ draft, change, errors, options }: ScopeFieldsProps) => {
  const there = PARTS.filter((part) => isThere(part, options));
  const parts = partsOf(draft);
  const more = there.filter((part) => fits(part, draft.what));
  const whats = ['everything', ...there] as const;
  return (
    <Group legend={T.scope.legend[draft.action]} error={errors['scope']}>
      <OneOf<Draft['what']>
        name="what"
        value={draft.what}
        options={whats.map((what) => [what, T.scope.whats[what]] as const)}
        onValue={(what) => change({ what })}
      />
      <PartFields parts={parts} {...{ draft, change, errors, options }} />
      {draft.what !== 'everything' && more.length > 0 && (
        <details class="more" open={draft.also.length > 0}>
          <summary>{T.scope.moreSummary}</summary>
          <Group minor legend={T.scope.more} hint={T.scope.moreHint}>
            <SomeOf<PartName>
              name="also"
              values={draft.also}
              options={more.map((part) => [part, T.scope.alsos[part]] as const)}
              onValues={(also) => change({ also })}
            />
          </Group>
        </details>
      )}
    </Group>
  );
};

const isThere = (part: PartName, options: DecisionOptions): boolean => {
  const lists: Partial<Readonly<Record<PartName, readonly string[]>>> = {
    scheme: options.schemes,
    aid: options.aids,
    kernel: options.kernels,
    above: options.currencies,
    lanes: options.lanes,
    wallet: options.wallets,
  };
  return lists[part]?.length !== 0;
};

interface PartFieldsProps extends ScopeFieldsProps {
  readonly parts: readonly PartName[];
}

const PartFields = (props: PartFieldsProps) => {
  const fields = props.parts.filter((part) => part !== 'phones');
  if (fields.length === 0) return null;
  return (
    <div class="parts">
      {fields.map((part) => (
        <PartField key={part} part={part} {...props} />
      ))}
    </div>
  );
};

const PartField = (props: PartFieldsProps & { readonly part: PartName }) => {
  const { part, draft, change, errors, options } = props;
  const error = errorOf(errors, `scope.${part === 'wallet' ? 'method' : part}`);
  const choose = (values: readonly string[]) => [
    ['', T.scope.choose] as const,
    ...values.map((value) => [value, value] as const),
  ];
  switch (part) {
    case 'scheme':
    case 'aid':
    case 'kernel':
      return (
        <SelectField
          name={part}
          label={T.scope.fields[part]}
          value={draft[part]}
          error={error}
          options={choose(
            { scheme: options.schemes, aid: options.aids, kernel: options.kernels }[part],
          )}
          onValue={(value) => change({ [part]: value })}
        />
      );
    case 'wallet':
      return (
        <SelectField
          name="wallet"
          label={T.scope.fields.wallet}
          value={draft.wallet}
          error={error}
          options={[['', T.scope.allWallets], ...options.wallets.map((one) => [one, one] as const)]}
          onValue={(wallet) => change({ wallet })}
        />
      );
    case 'lanes':
      return (
        <Group minor legend={T.scope.fields.lanes} error={error}>
          <SomeOf
            name="lanes"
            values={draft.lanes}
            options={options.lanes.map((lane) => [lane, fill(T.scope.lane, { lane })] as const)}
            onValues={(lanes) => change({ lanes })}
          />
        </Group>
      );
    case 'range':
      return <RangeFields {...props} error={error} />;
    case 'above':
      return <AboveFields {...props} error={error} />;
    case 'phones':
      return null;
  }
};

type WithError = PartFieldsProps & { readonly error: string | undefined };

const RangeFields = ({ draft, change, error }: WithError) => (
  <div class="pair">
    <TextField
      name="rangeFrom"
      label={T.scope.fields.range}
      hint={T.scope.rangeHint}
      digits
      maxLength={11}
      value={draft.rangeFrom}
      error={error}
      onValue={(rangeFrom) => change({ rangeFrom })}
    />
    <TextField
      name="rangeTo"
      label={T.scope.fields.rangeTo}
      hint={T.scope.rangeToHint}
      digits
      maxLength={11}
      value={draft.rangeTo}
      onValue={(rangeTo) => change({ rangeTo })}
    />
  </div>
);

const AboveFields = ({ draft, change, error, options }: WithError) => (
  <div class="pair">
    <TextField
      name="above"
      label={T.scope.fields.above}
      hint={T.scope.aboveHint}
      decimal
      value={draft.aboveAmount}
      error={error}
      onValue={(aboveAmount) => change({ aboveAmount })}
    />
    <SelectField
      name="currency"
      label={T.scope.fields.currency}
      value={draft.aboveCurrency}
      options={options.currencies.map((one) => [one, one] as const)}
      onValue={(aboveCurrency) => change({ aboveCurrency })}
    />
  </div>
);
