import type { ComponentChildren } from 'preact';
import type { NowView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { type Console, type Tone, useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Icon, type IconName } from '../pieces/icon.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

/** The parts of the terminal, each with how it is in words. */
export const StateTiles = ({ now }: { readonly now: NowView }) => {
  const desk = useConsole();
  const { status, device } = now;
  const stored = (refusal: string | undefined, icon: IconName, title: string) => (
    <Tile icon={icon} title={title} tone={refusal === undefined ? 'good' : 'bad'}>
      {refusal ?? T.now.ready}
    </Tile>
  );
  return (
    <section class="tiles" aria-label={T.now.parts}>
      <TerminalTile now={now} />
      <Tile icon="reader" title={T.now.reader} tone={readerTone(now)}>
        {device.sentence}
      </Tile>
      <Tile icon="host" title={T.now.host} tone={status.linkUp ? 'good' : 'bad'}>
        {status.linkUp ? T.now.hostUp : T.now.hostDown}
        <small>{status.link}</small>
      </Tile>
      <OwedTile now={now} desk={desk} />
      {stored(status.journalRefusal, 'journal', T.now.journal)}
      {stored(status.keysRefusal, 'keys', T.now.keys)}
      <Tile icon="display" title={T.now.displays} tone={now.displays > 0 ? 'good' : 'warn'}>
        {displaysText(now.displays)}
      </Tile>
    </section>
  );
};

interface TileProps {
  readonly icon: IconName;
  readonly title: string;
  readonly tone: Tone;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

const Tile = ({ icon, title, tone, children }: TileProps) => (
  <div class="tile" data-tone={tone}>
    <h3>
      <Icon name={icon} />
      <span>{title}</span>
      <span class="tile-state">
        <Icon name={tone} />
        <span class="spoken">{T.tones[tone]}</span>
      </span>
    </h3>
    <div class="tile-words">{children}</div>
  </div>
);

const TerminalTile = ({ now }: { readonly now: NowView }) => {
  const { client, say, may } = useConsole();
  const { busy, run } = useAction();
  const { status } = now;
  const paying = status.state === 'sale';
  const cancel = async (): Promise<void> => {
    const answer = await client.send<{ cancelled: boolean }>('POST', 'cancel');
    if (isRefusal(answer)) say(answer.error, 'bad');
    else if (answer.cancelled) say(T.now.cancelled);
    else say(T.now.nothingToCancel, 'warn');
  };
  const refusal = status.refusal;
  return (
    <Tile icon="machine" title={T.now.terminal} tone={refusal === undefined ? 'good' : 'bad'}>
      {refusal ?? (paying ? T.now.paying : T.now.idle)}
      {paying && <small class="code">{status.transactionId}</small>}
      {paying && may('cancelPayment') && (
        <Button kind="danger" busy={busy} busyWords={T.now.cancelling} onPress={() => run(cancel)}>
          {T.now.cancel}
        </Button>
      )}
    </Tile>
  );
};

const readerTone = ({ device }: NowView): Tone => {
  if (!device.present) return 'bad';
  return device.silenced === undefined ? 'good' : 'calm';
};

const displaysText = (displays: number): string => {
  if (displays === 0) return T.now.noDisplay;
  return displays === 1 ? T.now.oneDisplay : fill(T.now.manyDisplays, { count: `${displays}` });
};

const OwedTile = ({ now, desk }: { readonly now: NowView; readonly desk: Console }) => {
  const { openReversals, toForward, oldestToForwardSeconds } = now.status;
  const count = (value: number) => desk.format.count(value);
  const lines = [
    openReversals > 0 ? fill(T.now.reversals, { count: count(openReversals) }) : '',
    toForward > 0 ? fill(T.now.toForward, { count: count(toForward) }) : '',
    oldestToForwardSeconds === undefined
      ? ''
      : fill(T.now.oldest, { minutes: count(Math.ceil(oldestToForwardSeconds / 60)) }),
    now.refusedLater > 0 ? fill(T.now.refusedLater, { count: count(now.refusedLater) }) : '',
  ].filter((line) => line !== '');
  const tone = now.refusedLater > 0 ? 'bad' : lines.length > 0 ? 'warn' : 'good';
  return (
    <Tile icon="owed" title={T.now.owed} tone={tone}>
      {lines.length === 0 ? T.now.nothingOwed : lines.map((line) => <p key={line}>{line}</p>)}
    </Tile>
  );
};
