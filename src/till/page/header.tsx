import { useState } from 'preact/hooks';
import type { TillFacts } from './facts.ts';
import { KeyForm } from './key-form.tsx';
import { Status } from './status.tsx';
import type { Till } from './use-till.ts';

interface HeaderProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly place: 'goods' | 'sales';
  readonly onPlace: (place: 'goods' | 'sales') => void;
}

export const Header = ({ facts, till, place, onPlace }: HeaderProps) => {
  const [open, setOpen] = useState<'status' | 'key'>();
  const close = () => setOpen(undefined);
  const tab = (to: 'goods' | 'sales', words: string) => (
    <button
      type="button"
      class="tab"
      aria-current={place === to ? 'page' : undefined}
      onClick={() => onPlace(to)}
    >
      {words}
    </button>
  );
  return (
    <header class="head">
      <p class="brand">
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M8 9h16v9H8zM6 22h20M12 13.500h8" />
        </svg>
        <span>
          <strong>{facts.merchant}</strong>
          <small>Terminal {facts.poiId}</small>
        </span>
      </p>
      <nav class="tabs" aria-label="Pages">
        {tab('goods', 'Goods')}
        {tab('sales', till.sales.length > 0 ? `Sales (${till.sales.length})` : 'Sales')}
      </nav>
      <p class="link" data-tone={till.connected ? 'good' : 'warn'} role="status">
        <span class="lamp" aria-hidden="true" />
        {till.connected ? 'Connected' : 'No events'}
      </p>
      <div class="head-acts">
        <button type="button" class="button button-quiet" onClick={() => setOpen('status')}>
          Status
        </button>
        <button type="button" class="button button-quiet" onClick={() => setOpen('key')}>
          Settings
        </button>
      </div>
      {open === 'status' && <Status {...{ till, facts }} onClose={close} />}
      {open === 'key' && <KeyForm {...{ till, facts }} onClose={close} />}
    </header>
  );
};
