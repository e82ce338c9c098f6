/** The answer as a sound, for whoever looks at the package and not at the screen. */
import type { Outcome } from '@zhenmei/care/core/goods-in-reasons.ts';

/** Pitch in hertz and length in seconds of each tone. */
const TONES: Readonly<Record<Outcome, readonly (readonly [number, number])[]>> = {
  accepted: [[988, 0.12]],
  quarantined: [
    [587, 0.14],
    [587, 0.14],
  ],
  refused: [[196, 0.45]],
};
const KEPT = 'zm-sound';

export const soundOn = (): boolean => localStorage.getItem(KEPT) !== 'off';
export const keepSound = (on: boolean): void => localStorage.setItem(KEPT, on ? 'on' : 'off');

let audio: AudioContext | undefined;

export function play(outcome: Outcome): void {
  if (!soundOn()) return;
  if (outcome !== 'accepted') navigator.vibrate?.(outcome === 'refused' ? [200, 80, 200] : 120);
  try {
    audio ??= new AudioContext();
    // a browser that waits for a touch first stays silent until then
    void audio.resume();
    let at = audio.currentTime;
    for (const [pitch, length] of TONES[outcome]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.18, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + length);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.06;
    }
  } catch {
    // a device without sound still has the screen
  }
}
