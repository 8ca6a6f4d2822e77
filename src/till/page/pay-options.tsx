import type { TillFacts } from './facts.ts';
import { money, toMinor } from './money.ts';
import type { PayOptions } from './orders.ts';

interface PayOptionsFormProps {
  readonly facts: TillFacts;
  readonly options: PayOptions;
  readonly onChange: (options: PayOptions) => void;
}

const CASHBACKS: readonly number[] = [0, 10, 20, 50];

export const PayOptionsForm = ({ facts, options, onChange }: PayOptionsFormProps) => (
  <fieldset class="options">
    <legend class="spoken">With this payment</legend>
    <label class="check">
      <input
        type="checkbox"
        checked={options.askTip}
        onChange={({ currentTarget: { checked } }) => onChange({ ...options, askTip: checked })}
      />
      <span>Ask for a tip on the terminal</span>
    </label>
    <label class="check">
      <input
        type="checkbox"
        checked={options.hold}
        onChange={({ currentTarget: { checked } }) => onChange({ ...options, hold: checked })}
      />
      <span>Hold the amount, collect it later</span>
    </label>
    <label class="check check-select">
      <span>Cashback</span>
      <select
        class="input"
        value={options.cashbackMinor}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...options, cashbackMinor: Number(value) })
        }
      >
        {CASHBACKS.map((main) => (
          <option key={main} value={toMinor(main, facts.currency)}>
            {main === 0 ? 'None' : money(toMinor(main, facts.currency), facts.currency)}
          </option>
        ))}
      </select>
    </label>
  </fieldset>
);
