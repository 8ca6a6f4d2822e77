/** Who may sign in, and their PINs, in a SQLite database: fills ports/people.ts. */
export type { PeopleOptions } from './holder.ts';
export { isSameName } from './names.ts';
export { openPeople } from './people.ts';
export { type Removal, resetPeople } from './reset.ts';
