import { useComputedColorScheme, useMantineTheme } from '@mantine/core';
import { useEffect, useRef } from 'react';

import classes from './CallFiles.module.css';

/** Drawing needs the whole sound in the browser's memory: of longer ones only the player is shown. */
const LONGEST_DRAWN_MS = 30 * 60_000;

interface PlayerProps {
  src: string;
  durationMs: number;
  label: string;
}

/** A recording: its waveform, in which a click winds, over the browser's own player, which keyboards and readers use. */
export function Player({ src, durationMs, label }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const wave = useRef<HTMLDivElement>(null);
  const theme = useMantineTheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const drawn = durationMs <= LONGEST_DRAWN_MS;

  useEffect(() => {
    if (!drawn) return;
    let gone = false;
    let destroy = () => {};
    void import('wavesurfer.js').then(({ default: WaveSurfer }) => {
      if (gone || !audio.current || !wave.current) return;
      const surfer = WaveSurfer.create({
        container: wave.current,
        media: audio.current,
        url: src,
        height: 56,
        normalize: true,
        barWidth: 2,
        barGap: 1,
        waveColor: dark ? theme.colors.dark[2] : theme.colors.gray[5],
        progressColor: theme.colors[theme.primaryColor]?.[dark ? 4 : 6],
      });
      // A sound that cannot be drawn can still be played: the player below says what is wrong with it.
      surfer.on('error', () => {});
      destroy = () => surfer.destroy();
    });
    return () => {
      gone = true;
      destroy();
    };
  }, [src, drawn, dark, theme]);

  return (
    <>
      {drawn && <div ref={wave} className={classes.wave} aria-hidden data-testid="waveform" />}
      <audio ref={audio} controls preload="metadata" className={classes.player} src={src} aria-label={label} />
    </>
  );
}
