// The certificate library asks for the metadata of decorators, which no engine has: enough of it
// for that library, in the one process that loads it.
const known = new WeakMap<object, Map<unknown, unknown>>();

Object.assign(Reflect, {
  getMetadata: (key: unknown, of: object): unknown => known.get(of)?.get(key),
  getOwnMetadata: (key: unknown, of: object): unknown => known.get(of)?.get(key),
  hasOwnMetadata: (key: unknown, of: object): boolean => known.get(of)?.has(key) === true,
  defineMetadata: (key: unknown, value: unknown, of: object): void => {
    known.set(of, (known.get(of) ?? new Map<unknown, unknown>()).set(key, value));
  },
});
