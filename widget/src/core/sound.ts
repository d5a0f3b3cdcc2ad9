/** A short, soft tone made on the spot: no file to load, nothing for a policy to refuse. */
export function chime(): void {
  const audio = new AudioContext();
  const gain = audio.createGain();
  const end = audio.currentTime + 0.35;
  gain.gain.setValueAtTime(0.06, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.0001, end);
  gain.connect(audio.destination);
  for (const [hertz, delay] of [[660, 0], [880, 0.1]] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(audio.currentTime + delay);
    tone.stop(end);
  }
  setTimeout(() => void audio.close(), 600);
}
