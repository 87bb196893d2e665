import { useSyncExternalStore } from 'react';

import { getCredentials } from '../api/generated/ats';
import type { Line, LineCall } from './line';

export interface PhoneState {
  status: 'off' | 'connecting' | 'ready' | 'failed';
  why: string;
  call: LineCall | null;
  sound: MediaStream | null;
  /** A number somebody clicked before the telephone was open. */
  portId: number | null;
}

const OFF: PhoneState = { status: 'off', why: '', call: null, sound: null, portId: null };

let state: PhoneState = OFF;
let line: Line | null = null;
const listeners = new Set<() => void>();

function change(part: Partial<PhoneState>): void {
  state = { ...state, ...part };
  listeners.forEach((tell) => tell());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The browser's telephone: one for the whole page, so it goes on talking while screens change. */
export function usePhone(): PhoneState {
  return useSyncExternalStore(subscribe, () => state);
}

/** Registers as a port. SIP itself is loaded only now. */
export async function switchOn(clientId: number, portId: number): Promise<void> {
  switchOff();
  change({ status: 'connecting', portId });
  try {
    const [credentials, { Line: Made }] = await Promise.all([getCredentials(clientId, portId), import('./line')]);
    line = new Made(credentials, {
      onStatus: (status, why) => change({ status, why }),
      onCall: (call) => change(call ? { call } : { call: null, sound: null }),
      onSound: (sound) => change({ sound }),
    });
  } catch (error) {
    change({ ...OFF, status: 'failed', why: error instanceof Error ? error.message : '' });
  }
}

export function switchOff(): void {
  line?.stop();
  line = null;
  change(OFF);
}

/** The line to give orders to, while there is one. */
export function currentLine(): Line | null {
  return line;
}
