import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { QuestionWords } from '#ports/customer-display.ts';
import { MOST_POINTS } from '../../fitting-answer.ts';
import { Done } from './done.tsx';
import type { Answering } from './use-answer.ts';

type Point = readonly [x: number, y: number];

interface SignatureFieldProps extends Pick<Answering, 'answer'> {
  readonly words: QuestionWords;
  readonly cancel: ComponentChildren;
}

/** A field to write on with pen, finger or mouse. */
export function SignatureField({ words, answer, cancel }: SignatureFieldProps) {
  const field = useRef<HTMLCanvasElement>(null);
  const strokes = useRef<Point[][]>([]);
  const [signed, setSigned] = useState(false);
  useLayoutEffect(() => {
    const canvas = field.current;
    if (!canvas) return;
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
  }, []);
  const clear = () => {
    strokes.current = [];
    setSigned(false);
    const canvas = field.current;
    canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
  };
  const write = (event: PointerEvent, begins: boolean) => {
    const canvas = field.current;
    if (!canvas || (!begins && !canvas.hasPointerCapture(event.pointerId))) return;
    if (begins) {
      canvas.setPointerCapture(event.pointerId);
      strokes.current.push([]);
      setSigned(true);
    }
    const stroke = strokes.current.at(-1);
    if (!stroke) return;
    // Between two pictures a pen has been at more places than one.
    const passed = begins ? [] : (event.getCoalescedEvents?.() ?? []);
    for (const at of passed.length === 0 ? [event] : passed) draw(canvas, stroke, at);
  };
  const done = () => {
    const { width = 0, height = 0 } = field.current ?? {};
    const signature = { width, height, strokes: thinned(strokes.current) };
    answer({ kind: 'signature', signature });
  };
  return (
    <>
      <canvas
        ref={field}
        class="paper"
        role="img"
        aria-label={words.sign}
        onPointerDown={(event) => write(event, true)}
        onPointerMove={(event) => write(event, false)}
      />
      <div class="actions">
        {cancel}
        <button type="button" onClick={clear}>
          <span>{words.clear}</span>
        </button>
        <Done words={words.done} ready={signed} onDone={done} />
      </div>
    </>
  );
}

function draw(canvas: HTMLCanvasElement, stroke: Point[], { clientX, clientY }: PointerEvent) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const x = within(((clientX - left) / width) * canvas.width, canvas.width);
  const y = within(((clientY - top) / height) * canvas.height, canvas.height);
  const [beforeX, beforeY] = stroke.at(-1) ?? [x, y];
  if (stroke.length > 0 && x === beforeX && y === beforeY) return;
  stroke.push([x, y]);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.lineWidth = Math.max(3, canvas.height / 70);
  pen.lineCap = 'round';
  pen.strokeStyle = '#101828';
  pen.beginPath();
  pen.moveTo(beforeX, beforeY);
  pen.lineTo(x, y);
  pen.stroke();
}

/** Every second point goes, as often as needed; a stroke keeps where it begins and ends. */
function thinned(strokes: readonly (readonly Point[])[]): readonly (readonly Point[])[] {
  let kept = strokes.slice(0, MOST_POINTS / 2);
  while (kept.reduce((sum, stroke) => sum + stroke.length, 0) > MOST_POINTS) {
    kept = kept.map((stroke) => stroke.filter((_, at) => at % 2 === 0 || at === stroke.length - 1));
  }
  return kept;
}
