import type { Tone } from '#ports/customer-display.ts';

interface Beep {
  readonly hertz: number;
  readonly fromMs: number;
  readonly lastsMs: number;
}

// Book A, user interface recommendations: success about 1500 Hz for 500 ms; alert about 750 Hz,
// 200 ms on, 200 ms off, 200 ms on.
const BEEPS: Readonly<Record<Tone, readonly Beep[]>> = {
  success: [{ hertz: 1500, fromMs: 0, lastsMs: 500 }],
  alert: [
    { hertz: 750, fromMs: 0, lastsMs: 200 },
    { hertz: 750, fromMs: 400, lastsMs: 200 },
  ],
};

const LOUDNESS = 0.5;
/** A tone that starts or stops at full height clicks; this ramp is too short to hear. */
const RAMP_SECONDS = 0.004;

export type PlayTone = (tone: Tone) => void;

/**
 * Opens the sound. A browser that wants a touch first (autoplay policy) stays silent until it
 * gets one: a tone is of its moment, and never plays late.
 */
export function openSound(): PlayTone {
  const context = tryContext();
  if (!context) return () => undefined;
  const wake = () => void context.resume().catch(() => undefined);
  window.addEventListener('pointerdown', wake);
  return (tone) => {
    if (context.state !== 'running') return wake();
    for (const beep of BEEPS[tone]) schedule(context, beep);
  };
}

function schedule(context: AudioContext, { hertz, fromMs, lastsMs }: Beep): void {
  const start = context.currentTime + fromMs / 1000;
  const end = start + lastsMs / 1000;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + RAMP_SECONDS);
  gain.gain.setValueAtTime(LOUDNESS, end - RAMP_SECONDS);
  gain.gain.linearRampToValueAtTime(0, end);
  gain.connect(context.destination);
  const oscillator = context.createOscillator();
  oscillator.type = 'sine';
  oscillator.frequency.value = hertz;
  oscillator.connect(gain);
  oscillator.start(start);
  oscillator.stop(end);
}

function tryContext(): AudioContext | undefined {
  try {
    return new AudioContext({ latencyHint: 'interactive' });
  } catch {
    return undefined; // a machine without any sound device
  }
}
