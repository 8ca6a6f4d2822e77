import type { KioskMessage } from '../message.ts';

/** What the page may believe about the terminal at this moment. */
export type News =
  | { readonly link: 'up'; readonly message: KioskMessage }
  | { readonly link: 'away' };

/** The server beats every 2 s; this long without a word is a dead connection. */
const SILENCE_MS = 5000;
/** A connection that is back within this time was a blink, and the shopper sees nothing of it. */
const BLINK_MS = 1000;
const RECONNECT_MS = 500;

/**
 * Follows the terminal's stream of views, for good: reconnects by itself, and says `away` once
 * the terminal has been out of touch for longer than a blink. Each connection begins with the
 * latest view, so what was drawn before it never lasts.
 */
export function followTerminal(address: string, tell: (news: News) => void): void {
  let source: EventSource;
  let silence: number | undefined;
  let blink: number | undefined;

  const startBlink = () => {
    blink ??= window.setTimeout(() => tell({ link: 'away' }), BLINK_MS);
  };
  const endBlink = () => {
    window.clearTimeout(blink);
    blink = undefined;
  };
  const listen = () => {
    window.clearTimeout(silence);
    silence = window.setTimeout(reconnect, SILENCE_MS);
  };
  const connect = () => {
    source = new EventSource(address);
    listen();
    source.addEventListener('view', (event: MessageEvent<string>) => {
      endBlink();
      listen();
      tell({ link: 'up', message: JSON.parse(event.data) });
    });
    source.addEventListener('beat', listen);
    source.addEventListener('error', reconnect);
  };
  // EventSource gives up for good on some answers (a 503, a wrong type), so we do it ourselves.
  const reconnect = () => {
    source.close();
    startBlink();
    window.clearTimeout(silence);
    silence = window.setTimeout(connect, RECONNECT_MS);
  };

  startBlink();
  connect();
}
