import type { Route } from '../answer.ts';
import type { DoctorView } from '../api.ts';
import type { ConsoleParts } from '../parts.ts';

/** The doctor's findings, looked up anew. Who asks meanwhile gets the same look. */
export const doctorRoutes = ({ doctor }: ConsoleParts): readonly Route[] => {
  let looking: Promise<DoctorView> | undefined;
  return [
    {
      method: 'GET',
      url: '/api/doctor',
      needs: 'seeDoctor',
      handle: async () => {
        looking ??= doctor.examine().finally(() => {
          looking = undefined;
        });
        return { status: 200, body: await looking };
      },
    },
  ];
};
