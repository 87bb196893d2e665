import { graphlib, layout } from '@dagrejs/dagre';
import { MarkerType, type Edge, type Node } from '@xyflow/react';
import type { TFunction } from 'i18next';

import type { Condition } from '../api/types';
import { atLevel, entryLevel, missingLevels, shownConditions, type Draft } from './model';
import type { Sights } from './sights';

export interface StepData extends Record<string, unknown> {
  draft: Draft;
  title: string;
  calendar: string;
  /** Place among the steps of its level, from 1; `of` of them. */
  order: number;
  of: number;
  conditions: Condition[];
  error: string | null;
  /** Remarks of the check («замечания»). */
  warnings: string[];
  /** Calls in this step, while they are wanted on the picture. */
  load: number | null;
  /** Calls in progress there; null: not wanted on the picture. */
  now: number | null;
  /** Places in the simulated way, from 1; empty: the way does not touch it. */
  lit: number[];
}

export interface StartData extends Record<string, unknown> {
  number: string;
}

export interface MissingData extends Record<string, unknown> {
  level: number;
}

/** What an arrow carries beside its name. */
export interface ArrowData extends Record<string, unknown> {
  lit: boolean;
  load: number | null;
  /** Calls in progress there; null: not wanted on the picture. */
  now: number | null;
}

export type StepNode = Node<StepData, 'step'>;
export type StartNode = Node<StartData, 'start'>;
export type MissingNode = Node<MissingData, 'missing'>;
export type CanvasNode = StepNode | StartNode | MissingNode;

export const WIDTH = 248;
const HEADER = 94; // level and title; matches StepCard's paddings
const ROW = 26;
const STUB = { width: 170, height: 46 };
const GREY = 'var(--ats-edge)';
const LIT = 'var(--ats-lit)';

export function stepHeight(draft: Draft, calendar: string): number {
  return HEADER + (calendar ? 20 : 0) + shownConditions(draft).length * ROW + 10;
}

const missingId = (level: number) => `missing-${level}`;

/** The node an arrow to a level ends at: its first step in order of creation, else the «отбой» stub. */
function landing(drafts: Draft[], level: number): string {
  return atLevel(drafts, level)[0]?.key ?? missingId(level);
}

interface Picture {
  number: string;
  drafts: Draft[];
  titles: Map<string, string>;
  calendars: Map<string, string>;
  refused: Record<string, string>;
  sights: Sights;
  t: TFunction;
}

/** The number, its steps and the stubs of missing levels. */
export function nodesOf({ number, drafts, titles, calendars, refused, sights, t }: Picture): CanvasNode[] {
  const auxiliary = auxiliaryPlaces(drafts);
  const fixed = { draggable: false, selectable: false, focusable: false };
  const place = (id: string) => auxiliary.get(id) ?? { x: 0, y: 0 };
  const nodes: CanvasNode[] = [
    { id: 'start', type: 'start', position: place('start'), data: { number }, ...fixed },
  ];
  for (const draft of drafts) {
    const level = atLevel(drafts, draft.level);
    const title = titles.get(draft.key) ?? '';
    nodes.push({
      id: draft.key,
      type: 'step',
      position: { x: draft.x ?? 0, y: draft.y ?? 0 },
      ariaLabel: t('dialplan.stepAria', { level: draft.level, title }),
      data: {
        draft,
        title,
        calendar: calendars.get(draft.key) ?? '',
        order: level.indexOf(draft) + 1,
        of: level.length,
        conditions: shownConditions(draft),
        error: refused[draft.key] ?? null,
        warnings: sights.warnings.get(draft.key) ?? [],
        load: sights.loads ? (sights.loads.get(draft.key) ?? 0) : null,
        now: sights.nows?.get(draft.key) ?? null,
        lit: sights.lit?.get(draft.key) ?? [],
      },
    });
  }
  for (const level of missingLevels(drafts)) {
    const id = missingId(level);
    nodes.push({ id, type: 'missing', position: place(id), data: { level }, ...fixed });
  }
  return nodes;
}

const arrow = { type: MarkerType.ArrowClosed, color: GREY, width: 18, height: 18 };

/** The grey arrows (S106), each named by its condition, and the dashed «иначе» inside a level. */
export function edgesOf(
  drafts: Draft[],
  names: Record<Condition, string>,
  otherwise: string,
  sights: Sights,
): Edge[] {
  const edges: Edge[] = [];
  const dataOf = (id: string): ArrowData => ({
    lit: sights.litEdges.has(id),
    load: sights.edgeLoads?.get(id) ?? null,
    now: sights.edgeNows?.get(id) ?? null,
  });
  const strokeOf = (id: string) =>
    sights.litEdges.has(id) ? { stroke: LIT, strokeWidth: 3 } : { stroke: GREY, strokeWidth: 1.5 };
  const endOf = (id: string) => (sights.litEdges.has(id) ? { ...arrow, color: LIT } : arrow);
  const entry = entryLevel(drafts);
  if (entry !== null) {
    edges.push({
      id: 'entry',
      source: 'start',
      target: landing(drafts, entry),
      type: 'smoothstep',
      markerEnd: endOf('entry'),
      deletable: false,
      focusable: false,
      selectable: false,
      style: strokeOf('entry'),
    });
  }
  for (const draft of drafts) {
    for (const condition of shownConditions(draft)) {
      const level = draft.targets[condition];
      if (level === null) continue;
      const id = `${draft.key}:${condition}`;
      edges.push({
        id,
        source: draft.key,
        sourceHandle: condition,
        target: landing(drafts, level),
        type: 'condition',
        label: names[condition],
        ariaLabel: `${names[condition]} → ${level}`,
        markerEnd: endOf(id),
        style: strokeOf(id),
        data: dataOf(id),
      });
    }
  }
  for (const level of new Set(drafts.map((draft) => draft.level))) {
    const steps = atLevel(drafts, level);
    steps.slice(1).forEach((step, index) => {
      const before = steps[index];
      if (!before) return;
      const id = `order:${before.key}:${step.key}`;
      edges.push({
        id,
        source: before.key,
        sourceHandle: 'order',
        target: step.key,
        targetHandle: 'order-in',
        type: 'smoothstep',
        label: otherwise,
        deletable: false,
        focusable: false,
        selectable: false,
        style: { ...strokeOf(id), strokeDasharray: '4 4' },
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
  for (const level of missingLevels(drafts)) graph.setNode(`level-${level}`, { ...STUB });
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

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Where the start and the stubs stand beside steps that people placed by hand. */
export function auxiliaryPlaces(drafts: Draft[]): Map<string, { x: number; y: number }> {
  const places = new Map<string, { x: number; y: number }>();
  const placed = drafts.filter((draft) => draft.x !== null && draft.y !== null);
  const entry = entryLevel(drafts);
  const first = drafts.find((draft) => draft.level === entry);
  places.set('start', { x: (first?.x ?? 260) - 280, y: (first?.y ?? 0) + 10 });
  const boxes = placed.map((draft) => ({
    x: draft.x ?? 0,
    y: draft.y ?? 0,
    width: WIDTH,
    height: stepHeight(draft, ' '),
  }));
  for (const level of missingLevels(drafts)) {
    const source = drafts.find((draft) => Object.values(draft.targets).includes(level));
    const box = { x: (source?.x ?? 0) + WIDTH + 150, y: (source?.y ?? 0) + 40, ...STUB };
    // Downwards until it lies on nothing.
    for (let hit = boxes.find((other) => overlap(box, other)); hit; hit = boxes.find((other) => overlap(box, other))) {
      box.y = hit.y + hit.height + 24;
    }
    boxes.push(box);
    places.set(missingId(level), { x: box.x, y: box.y });
  }
  return places;
}
