export { call } from './client.ts';
export { type ControlServer, openControl } from './server.ts';
