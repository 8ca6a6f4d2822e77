/** Keys at rest and at work: a sealed file, DUKPT for account data, MACs, tokens, erasure. */
export { type KeyStoreOptions, listKeys, macsBeside, openKeyStore } from './key-store.ts';
export { type MachineSealerOptions, openMachineSealer } from './machine-sealer.ts';
export { type TamperOptions, watchTamper } from './tamper.ts';
