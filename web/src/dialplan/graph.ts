import { graphlib, layout } from '@dagrejs/dagre';
import { MarkerType, type Edge, type Node } from '@xyflow/react';

import type { Condition } from '../api/types';
import { atLevel, entryLevel, missingLevels, shownConditions, type Draft } from './model';

export interface StepData extends Record<string, unknown> {
  draft: Draft;
  title: string;
  calendar: string;
  /** Place among the steps of its level, from 1; `of` of them. */
  order: number;
  of: number;
  conditions: Condition[];
  error: string | null;
}

export interface StartData extends Record<string, unknown> {
  number: string;
}

export interface MissingData extends Record<string, unknown> {
  level: number;
}

export type StepNode = Node<StepData, 'step'>;
export type StartNode = Node<StartData, 'start'>;
export type MissingNode = Node<MissingData, 'missing'>;
export type CanvasNode = StepNode | StartNode | MissingNode;

export const WIDTH = 248;
const HEADER = 94;
const ROW = 26;
const GREY = 'var(--ats-edge)';

export function stepHeight(draft: Draft, calendar: string): number {
  return HEADER + (calendar ? 20 : 0) + shownConditions(draft).length * ROW + 10;
}

const missingId = (level: number) => `missing-${level}`;

/** The node an arrow to a level ends at: its first step in order of creation, else the «отбой» stub. */
function landing(drafts: Draft[], level: number): string {
  return atLevel(drafts, level)[0]?.key ?? missingId(level);
}

const arrow = { type: MarkerType.ArrowClosed, color: GREY, width: 18, height: 18 };

/** The grey arrows (S106), each named by its condition, and the dashed «иначе» inside a level. */
export function edgesOf(drafts: Draft[], names: Record<Condition, string>, otherwise: string): Edge[] {
  const edges: Edge[] = [];
  const entry = entryLevel(drafts);
  if (entry !== null) {
    edges.push({
      id: 'entry',
      source: 'start',
      target: landing(drafts, entry),
      type: 'smoothstep',
      markerEnd: arrow,
      deletable: false,
      focusable: false,
      selectable: false,
      style: { stroke: GREY, strokeWidth: 1.5 },
    });
  }
  for (const draft of drafts) {
    for (const condition of shownConditions(draft)) {
      const level = draft.targets[condition];
      if (level === null) continue;
      edges.push({
        id: `${draft.key}:${condition}`,
        source: draft.key,
        sourceHandle: condition,
        target: landing(drafts, level),
        type: 'condition',
        label: names[condition],
        ariaLabel: `${names[condition]} → ${level}`,
        markerEnd: arrow,
        style: { stroke: GREY, strokeWidth: 1.5 },
      });
    }
  }
  for (const level of new Set(drafts.map((draft) => draft.level))) {
    const steps = atLevel(drafts, level);
    steps.slice(1).forEach((step, index) => {
      const before = steps[index];
      if (!before) return;
      edges.push({
        id: `order:${before.key}:${step.key}`,
        source: before.key,
        sourceHandle: 'order',
        target: step.key,
        targetHandle: 'order-in',
        type: 'smoothstep',
        label: otherwise,
        deletable: false,
        focusable: false,
        selectable: false,
        style: { stroke: GREY, strokeDasharray: '4 4' },
      });
    });
  }
  return edges;
}

/** Places for every node, left to right along the arrows; steps of one level stand under each other. */
export function arranged(drafts: Draft[], calendars: Map<string, string>): Map<string, { x: number; y: number }> {
  const places = new Map<string, { x: number; y: number }>();
  const levels = [...new Set(drafts.map((draft) => draft.level))];
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 150, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));

  // A level is one block for the layout, so its order of creation stays readable from top to bottom.
  const gap = 44;
  const heightOf = (draft: Draft) => stepHeight(draft, calendars.get(draft.key) ?? '');
  for (const level of levels) {
    const steps = atLevel(drafts, level);
    const height = steps.reduce((sum, step) => sum + heightOf(step), 0) + gap * (steps.length - 1);
    graph.setNode(`level-${level}`, { width: WIDTH, height });
  }
  graph.setNode('start', { width: 190, height: 54 });
  for (const level of missingLevels(drafts)) graph.setNode(`level-${level}`, { width: 170, height: 46 });
  const entry = entryLevel(drafts);
  if (entry !== null) graph.setEdge('start', `level-${entry}`);
  const reached = new Set<number>();
  for (const draft of drafts) {
    for (const condition of shownConditions(draft)) {
      const level = draft.targets[condition];
      if (level === null || level === draft.level) continue;
      graph.setEdge(`level-${draft.level}`, `level-${level}`);
      reached.add(level);
    }
  }
  // A level that nothing leads to would stand left of the start, in its way.
  for (const level of levels) {
    if (level !== entry && !reached.has(level)) graph.setEdge('start', `level-${level}`);
  }
  layout(graph);

  for (const id of graph.nodes()) {
    const box = graph.node(id) as { x: number; y: number; width: number; height: number };
    const left = Math.round(box.x - box.width / 2);
    let top = Math.round(box.y - box.height / 2);
    if (id === 'start') {
      places.set('start', { x: left, y: top });
      continue;
    }
    const level = Number(id.slice('level-'.length));
    const steps = atLevel(drafts, level);
    if (steps.length === 0) places.set(missingId(level), { x: left, y: top });
    for (const step of steps) {
      places.set(step.key, { x: left, y: top });
      top += heightOf(step) + gap;
    }
  }
  return places;
}

/** Where the start and the stubs stand beside steps that people placed by hand. */
export function auxiliaryPlaces(drafts: Draft[]): Map<string, { x: number; y: number }> {
  const places = new Map<string, { x: number; y: number }>();
  const placed = drafts.filter((draft) => draft.x !== null && draft.y !== null);
  const entry = entryLevel(drafts);
  const first = drafts.find((draft) => draft.level === entry);
  places.set('start', { x: (first?.x ?? 260) - 280, y: (first?.y ?? 0) + 10 });
  const right = placed.reduce((far, draft) => Math.max(far, (draft.x ?? 0) + WIDTH), 0);
  missingLevels(drafts).forEach((level, index) => {
    const source = drafts.find((draft) => Object.values(draft.targets).includes(level));
    places.set(missingId(level), {
      x: Math.max((source?.x ?? 0) + WIDTH + 150, source ? 0 : right + 150),
      y: (source?.y ?? 0) + 40 + index * 64,
    });
  });
  return places;
}
