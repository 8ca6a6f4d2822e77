import type { TillMessage } from '../client/index.ts';
import { Json } from './json.tsx';

const WAYS = {
  sent: { arrow: '→', words: 'Sent' },
  received: { arrow: '←', words: 'Received' },
  notified: { arrow: '⇠', words: 'Told' },
} as const;

/** All messages both ways, the newest first, each to be opened as JSON. */
export const Messages = ({ messages }: { readonly messages: readonly TillMessage[] }) => {
  const last = messages.find(({ tookMs }) => tookMs !== undefined);
  return (
    <section class="messages" aria-label="Messages">
      <details>
        <summary class="messages-head">
          <strong>Messages</strong>
          <span class="quiet">
            {messages.length === 0 ? 'None yet' : messages.length}
            {last && `, the last answer after ${duration(last.tookMs)}`}
          </span>
        </summary>
        <ol class="message-list" aria-label="Messages, the newest first">
          {messages.map((message, at) => (
            <li key={messages.length - at}>
              <Message message={message} />
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
};

const Message = ({ message }: { readonly message: TillMessage }) => {
  const { way, category, serviceId, atMs, tookMs, secured, json } = message;
  const { arrow, words } = WAYS[way];
  return (
    <details class="message" data-way={way}>
      <summary>
        <span class="arrow" aria-hidden="true">
          {arrow}
        </span>
        <span class="message-name">
          {words} {category}
        </span>
        <span class="message-id">{serviceId}</span>
        <span class="message-time">{clock(atMs)}</span>
        <span class="message-took">{tookMs === undefined ? '' : duration(tookMs)}</span>
        {secured && <span class="badge">encrypted</span>}
      </summary>
      {json === undefined ? (
        <p class="quiet">HTTP 200 without a body: that is the answer.</p>
      ) : (
        <Json value={json} label={`${words} ${category} ${serviceId}`} />
      )}
    </details>
  );
};

const clock = (ms: number): string => {
  const at = new Date(ms);
  const time = at.toLocaleTimeString('en-GB', { timeStyle: 'medium' });
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
};

/** "8.4 ms", "3.20 s" */
const duration = (ms: number | undefined): string => {
  if (ms === undefined) return '–';
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
};
