import '@xyflow/react/dist/style.css';

import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Connection,
  type Edge,
  type NodeChange,
  type OnConnectEnd,
} from '@xyflow/react';
import { useEffect, useMemo, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';

import type { Condition } from '../api/types';
import classes from './Canvas.module.css';
import { ConditionEdge } from './ConditionEdge';
import { auxiliaryPlaces, edgesOf, type CanvasNode } from './graph';
import { atLevel, CONDITIONS, missingLevels, shownConditions, type Draft } from './model';
import { MissingCard, StartCard, StepCard } from './StepCard';

const NODE_TYPES = { step: StepCard, start: StartCard, missing: MissingCard };
const EDGE_TYPES = { condition: ConditionEdge };

interface Props {
  number: string;
  drafts: Draft[];
  titles: Map<string, string>;
  calendars: Map<string, string>;
  refused: Record<string, string>;
  readOnly: boolean;
  onAdd: (x: number, y: number, from?: { key: string; condition: Condition }) => void;
  onOpen: (key: string) => void;
  onLink: (key: string, condition: Condition, level: number | null) => void;
  onMove: (places: Map<string, { x: number; y: number }>) => void;
  /** Grows by one when the whole picture must be brought into view. */
  fit: number;
}

/** What React Flow itself knows of a node: its measured size, selection, and place while dragged. */
type Overlay = Record<string, Pick<CanvasNode, 'measured' | 'selected' | 'dragging'> & { position?: CanvasNode['position'] }>;

function isCondition(value: unknown): value is Condition {
  return CONDITIONS.some((condition) => condition === value);
}

function Flow(props: Props) {
  const { number, drafts, titles, calendars, refused, readOnly, onAdd, onOpen, onLink, onMove, fit } = props;
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow();
  const [overlay, setOverlay] = useState<Overlay>({});

  const nodes = useMemo<CanvasNode[]>(() => {
    const auxiliary = auxiliaryPlaces(drafts);
    const place = (id: string) => auxiliary.get(id) ?? { x: 0, y: 0 };
    const built: CanvasNode[] = [
      {
        id: 'start',
        type: 'start',
        position: place('start'),
        data: { number },
        draggable: false,
        selectable: false,
        focusable: false,
      },
    ];
    for (const draft of drafts) {
      const level = atLevel(drafts, draft.level);
      const title = titles.get(draft.key) ?? '';
      built.push({
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
        },
      });
    }
    for (const level of missingLevels(drafts)) {
      built.push({
        id: `missing-${level}`,
        type: 'missing',
        position: place(`missing-${level}`),
        data: { level },
        draggable: false,
        selectable: false,
        focusable: false,
      });
    }
    return built.map((node) => ({ ...node, ...overlay[node.id] }));
  }, [drafts, titles, calendars, refused, number, overlay, t]);

  const edges = useMemo<Edge[]>(() => {
    const names = Object.fromEntries(
      CONDITIONS.map((condition) => [condition, t(`condition.${condition}`)]),
    ) as Record<Condition, string>;
    return edgesOf(drafts, names, t('dialplan.otherwise'));
  }, [drafts, t]);
  const [selectedEdges, setSelectedEdges] = useState<string[]>([]);
  const shownEdges = edges.map((edge) => ({ ...edge, selected: selectedEdges.includes(edge.id) }));

  useEffect(() => {
    if (fit === 0) return;
    const timer = setTimeout(() => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }), 60);
    return () => clearTimeout(timer);
  }, [fit, flow]);

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    setOverlay((old) => {
      const next = { ...old };
      for (const change of changes) {
        if (change.type === 'dimensions' && change.dimensions) {
          next[change.id] = { ...next[change.id], measured: change.dimensions };
        } else if (change.type === 'select') {
          next[change.id] = { ...next[change.id], selected: change.selected };
        } else if (change.type === 'position' && change.position) {
          next[change.id] = {
            ...next[change.id],
            position: change.position,
            dragging: change.dragging ?? false,
          };
        }
      }
      return next;
    });
  };

  const settle = (moved: CanvasNode[]) => {
    onMove(new Map(moved.map((node) => [node.id, node.position])));
    setOverlay((old) => {
      const next = { ...old };
      for (const node of moved) {
        const { position: _position, ...rest } = next[node.id] ?? {};
        next[node.id] = { ...rest, dragging: false };
      }
      return next;
    });
  };

  const levelOf = (key: string) => drafts.find((draft) => draft.key === key)?.level;

  const onConnect = ({ source, sourceHandle, target }: Connection) => {
    const level = levelOf(target);
    if (level !== undefined && isCondition(sourceHandle)) onLink(source, sourceHandle, level);
  };

  const onConnectEnd: OnConnectEnd = (event, state) => {
    const condition = state.fromHandle?.id;
    if (state.toNode || !state.fromNode || !isCondition(condition)) return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point) return;
    const under = document.elementFromPoint(point.clientX, point.clientY);
    const node = under?.closest<HTMLElement>('.react-flow__node');
    if (node) {
      // Anywhere on a step will do, its small dot need not be hit.
      const level = levelOf(node.dataset.id ?? '');
      if (level !== undefined) onLink(state.fromNode.id, condition, level);
      return;
    }
    if (!under?.closest('.react-flow__pane')) return; // let go outside the canvas: nothing was meant
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    onAdd(x, y - 30, { key: state.fromNode.id, condition });
  };

  const onPaneClick = (event: MouseEvent) => {
    if (readOnly) return;
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    onAdd(x, y);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.target instanceof Element)) return;
    const id = event.target.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    if (id && levelOf(id) !== undefined) {
      event.preventDefault();
      onOpen(id);
    }
  };

  return (
    <div className={classes.canvas} onKeyDown={onKeyDown} data-testid="canvas">
      <ReactFlow
        nodes={nodes}
        edges={shownEdges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        onNodesChange={onNodesChange}
        onEdgesChange={(changes) => {
          for (const change of changes) {
            if (change.type !== 'select') continue;
            setSelectedEdges((old) =>
              change.selected ? [...old, change.id] : old.filter((id) => id !== change.id),
            );
          }
        }}
        onNodeDragStop={(_event, _node, moved) => settle(moved)}
        onNodeClick={(_event, node) => {
          if (node.type === 'step') onOpen(node.id);
        }}
        onPaneClick={onPaneClick}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onEdgesDelete={(gone) => {
          for (const edge of gone) {
            if (isCondition(edge.sourceHandle)) onLink(edge.source, edge.sourceHandle, null);
          }
        }}
        onBeforeDelete={({ edges: doomed }) => Promise.resolve({ nodes: [], edges: readOnly ? [] : doomed })}
        nodesConnectable={!readOnly}
        nodesDraggable={!readOnly}
        nodeDragThreshold={4}
        deleteKeyCode={readOnly ? null : ['Delete', 'Backspace']}
        zoomOnDoubleClick={false}
        minZoom={0.2}
        maxZoom={1.6}
        fitView
        fitViewOptions={{ padding: 0.15, maxZoom: 1 }}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'controls.ariaLabel': t('dialplan.controls'),
          'controls.zoomIn.ariaLabel': t('dialplan.zoomIn'),
          'controls.zoomOut.ariaLabel': t('dialplan.zoomOut'),
          'controls.fitView.ariaLabel': t('dialplan.fit'),
        }}
      >
        <Background gap={22} size={1.2} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}
