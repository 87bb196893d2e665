import type { Extras } from '../extras/extras';
import type { Limits } from '../limits/values';

export interface QueueValues extends Record<string, unknown> {
  name: string;
  description: string;
  strategy: string;
  language: string;
  /** Drop-downs speak in text; '' is «not chosen». */
  pickup_group_id: number | null;
  extras: Extras;
  max_waiting: number;
  ring_s: number;
  retry_s: number;
  wrapup_s: number;
  announce_place: boolean;
  announce_every_s: number;
  /** «port:7» or «forwarding:3», in their order. */
  agents: string[];
  /** Of a new queue only. */
  limits: Limits;
}

interface AgentRef {
  port_id?: number | null;
  forwarding_id?: number | null;
}

export function agentKey({ port_id, forwarding_id }: AgentRef): string {
  return port_id ? `port:${port_id}` : `forwarding:${forwarding_id ?? 0}`;
}

export function agentOf(key: string): AgentRef {
  const [kind, id] = key.split(':');
  return kind === 'port' ? { port_id: Number(id) } : { forwarding_id: Number(id) };
}

/** Where the drop-downs know it. */
export function thingOf(key: string): { kind: 'ports' | 'forwardings'; id: number } {
  const [kind, id] = key.split(':');
  return { kind: kind === 'port' ? 'ports' : 'forwardings', id: Number(id) };
}

/** The agents with one of them moved before or after its neighbour. */
export function moved(agents: string[], index: number, by: -1 | 1): string[] {
  const next = [...agents];
  const one = next[index];
  const other = next[index + by];
  if (one === undefined || other === undefined) return agents;
  next[index] = other;
  next[index + by] = one;
  return next;
}
