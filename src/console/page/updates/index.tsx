import { PageLater } from '../pieces/later.tsx';
import { T } from '../texts.ts';

export const UpdatesPageLater = () => <PageLater title={T.updates.title} load={load} />;

const load = () => import('./updates-page.tsx').then(({ UpdatesPage }) => UpdatesPage);
