import type { LiveCall } from '../api/types';

/**
 * One row per call: channels of one call share `linkedid`, and the channel that began it tells who
 * called whom. The others (telephones being rung, or talking) are part of the same call.
 */
export function oneRowPerCall(channels: LiveCall[]): LiveCall[] {
  const calls = new Map<string, LiveCall>();
  for (const channel of channels) {
    const known = calls.get(channel.linkedid);
    if (!known || channel.started_at < known.started_at || channel.id === channel.linkedid) {
      calls.set(channel.linkedid, channel);
    }
  }
  return [...calls.values()].sort((a, b) => a.started_at.localeCompare(b.started_at));
}
