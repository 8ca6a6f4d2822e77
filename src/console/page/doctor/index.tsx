import { PageLater } from '../pieces/later.tsx';
import { T } from '../texts.ts';

export const DoctorPageLater = () => <PageLater title={T.doctor.title} load={load} />;

const load = () => import('./doctor-page.tsx').then(({ DoctorPage }) => DoctorPage);
