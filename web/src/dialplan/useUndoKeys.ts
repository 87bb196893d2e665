import { useEffect } from 'react';

/** Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y; not while one types, and not behind a window. */
export function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      const typing = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
      if (typing || document.querySelector('[role=dialog][aria-modal=true]')) return;
      // Physical keys: the letters are others in the Russian layout.
      if (event.code === 'KeyZ' && !event.shiftKey) undo();
      else if (event.code === 'KeyY' || (event.code === 'KeyZ' && event.shiftKey)) redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo]);
}
