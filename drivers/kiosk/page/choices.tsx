import type { Choice } from '#ports/customer-display.ts';
import { WaySign } from './alternatives.tsx';
import type { Choosing } from './use-choice.ts';

/** More than this don't stand in one row where they are large. */
const ONE_ROW = 3;

interface ChoicesProps extends Choosing {
  readonly choices: readonly Choice[];
}

/** What can be touched, as buttons; the one that was has a tick, and the others give way. */
export const Choices = ({ choices, taken, choose }: ChoicesProps) => (
  <footer class="choices" data-many={choices.length > ONE_ROW ? '' : undefined}>
    <ul>
      {choices.map(({ id, way, words }) => (
        <li key={id}>
          <button
            type="button"
            data-taken={taken === id ? '' : undefined}
            aria-current={taken === id ? 'true' : undefined}
            aria-disabled={taken !== undefined && taken !== id}
            onClick={() => choose(id)}
          >
            {taken === id ? <Tick /> : way !== 'other' && <WaySign way={way} />}
            <span>{words}</span>
          </button>
        </li>
      ))}
    </ul>
  </footer>
);

const Tick = () => (
  <svg class="way" viewBox="0 0 48 48" aria-hidden="true">
    <path class="thick" d="m8 26 11 11 21-25" />
  </svg>
);
