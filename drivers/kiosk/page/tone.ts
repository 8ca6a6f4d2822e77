import type { ToneSetting } from '#data/indicators.ts';

const LOUDNESS = 0.5;
/** A tone that starts or stops at full height clicks; this ramp is too short to hear. */
const RAMP_SECONDS = 0.004;

export type PlayTone = (tone: ToneSetting) => void;

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
    for (let beep = 0; beep < tone.times; beep += 1) schedule(context, tone, beep);
  };
}

function schedule(context: AudioContext, { hertz, onMs, offMs }: ToneSetting, beep: number): void {
  const start = context.currentTime + (beep * (onMs + offMs)) / 1000;
  const end = start + onMs / 1000;
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
