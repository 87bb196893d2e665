import type { Draft } from './model';
import { ALWAYS, NO_TARGETS } from './model';

const KEY = 'ats.step';

/** Keeps a step for pasting, into another number's dialplan of the same client too. */
export function copyStep(clientId: number, step: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ clientId, step }));
  } catch {
    // Storage is forbidden: nothing is copied.
  }
}

/** The copied step, if it came from this client: things of another client mean nothing here. */
export function copiedStep(clientId: number): Draft | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null || !('clientId' in stored) || !('step' in stored)) return null;
    if (stored.clientId !== clientId) return null;
    const step = stored.step as Draft;
    return { ...step, targets: { ...NO_TARGETS, ...step.targets }, calendar: { ...ALWAYS, ...step.calendar } };
  } catch {
    return null;
  }
}
