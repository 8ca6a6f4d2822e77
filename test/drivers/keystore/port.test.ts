import { keyStoreSuite } from '#test/ports/key-store-suite.ts';
import { loadedIn, newFolder } from './stores.ts';

keyStoreSuite('the key store in a file', () => loadedIn(newFolder()));
