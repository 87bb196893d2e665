import type { ReactNode } from 'react';

/** «Service/FAXRECEIVER» goes on in the next line after its stroke, not in the midst of a word. */
export function breakable(text: string): ReactNode[] {
  return text.split(/(?<=\/)/).flatMap((part, place) => (place > 0 ? [<wbr key={place} />, part] : [part]));
}
