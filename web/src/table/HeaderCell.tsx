import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './table.module.css';

const NARROWEST = 60;
const WIDEST = 900;
const STEP = 20;

interface Props {
  title: string;
  width: number | undefined;
  onWidth: (width: number) => void;
}

const fitting = (width: number) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

/** A column's heading with a grip at its right edge: drag it, or use the arrow keys on it. */
export function HeaderCell({ title, width, onWidth }: Props) {
  const { t } = useTranslation();

  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    const grip = event.currentTarget;
    const from = event.clientX;
    const before = grip.closest('th')?.offsetWidth ?? 120;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(fitting(before + moved.clientX - from));
    const end = () => {
      grip.removeEventListener('pointermove', move);
      grip.removeEventListener('pointerup', end);
      grip.removeEventListener('pointercancel', end);
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', end);
    grip.addEventListener('pointercancel', end);
  };

  const press = (event: KeyboardEvent<HTMLSpanElement>) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    const now = width ?? event.currentTarget.closest('th')?.offsetWidth ?? 120;
    onWidth(fitting(now + (event.key === 'ArrowRight' ? STEP : -STEP)));
  };

  return (
    <span className={classes.head}>
      {title}
      <span
        className={classes.grip}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('table.columnWidth', { name: title })}
        aria-valuenow={width ?? 0}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        tabIndex={0}
        onPointerDown={begin}
        onKeyDown={press}
        onClick={(event) => event.stopPropagation()}
      />
    </span>
  );
}
