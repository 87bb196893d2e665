import '@xyflow/react/dist/style.css';

import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  Controls,
  MiniMap,
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
import { CanvasMenu, type MenuPlace } from './CanvasMenu';
import { ConditionEdge } from './ConditionEdge';
import { edgesOf, nodesOf, type CanvasNode } from './graph';
import { CONDITIONS, type Draft } from './model';
import type { Sights } from './sights';
import { MissingCard, StartCard, StepCard } from './StepCard';

const NODE_TYPES = { step: StepCard, start: StartCard, missing: MissingCard };
const EDGE_TYPES = { condition: ConditionEdge };
/** A small map helps once the picture no longer fits a screen. */
const MANY_STEPS = 12;

export interface CanvasProps {
  number: string;
  drafts: Draft[];
  titles: Map<string, string>;
  calendars: Map<string, string>;
  refused: Record<string, string>;
  sights: Sights;
  readOnly: boolean;
  onAdd: (x: number, y: number, from?: { key: string; condition: Condition }) => void;
  onOpen: (key: string) => void;
  onLink: (key: string, condition: Condition, level: number | null) => void;
  onMove: (places: Map<string, { x: number; y: number }>) => void;
  onRemove: (keys: string[]) => void;
  onCopy: (key: string) => void;
  /** Puts the copied step at a place of the canvas; null: nothing has been copied. */
  onPaste: ((x: number, y: number) => void) | null;
  /** Grows by one when the whole picture must be brought into view. */
  fit: number;
  /** A step to bring into view; `count` grows with every wish. */
  focus: { key: string; count: number } | null;
}

/** What React Flow itself knows of a node: its measured size, selection, and place while dragged. */
type Overlay = Record<string, Pick<CanvasNode, 'measured' | 'selected' | 'dragging'> & { position?: CanvasNode['position'] }>;

function isCondition(value: unknown): value is Condition {
  return CONDITIONS.some((condition) => condition === value);
}

function Flow(props: CanvasProps) {
  const { number, drafts, titles, calendars, refused, sights, readOnly, fit, focus } = props;
  const { onAdd, onOpen, onLink, onMove, onRemove, onCopy, onPaste } = props;
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow<CanvasNode>();
  const [overlay, setOverlay] = useState<Overlay>({});
  const [selectedEdges, setSelectedEdges] = useState<string[]>([]);
  const [menu, setMenu] = useState<MenuPlace | null>(null);

  const plain = useMemo(
    () => nodesOf({ number, drafts, titles, calendars, refused, sights, t }),
    [number, drafts, titles, calendars, refused, sights, t],
  );
  // While a step is dragged only its own node is a new object: a hundred others are not drawn again.
  const nodes = plain.map((node) => {
    const over = overlay[node.id];
    return over ? { ...node, ...over } : node;
  });

  const edges = useMemo<Edge[]>(() => {
    const names = Object.fromEntries(
      CONDITIONS.map((condition) => [condition, t(`condition.${condition}`)]),
    ) as Record<Condition, string>;
    return edgesOf(drafts, names, t('dialplan.otherwise'), sights);
  }, [drafts, sights, t]);
  const shownEdges = useMemo(
    () => edges.map((edge) => (selectedEdges.includes(edge.id) ? { ...edge, selected: true } : edge)),
    [edges, selectedEdges],
  );

  useEffect(() => {
    if (fit === 0) return;
    const timer = setTimeout(() => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }), 60);
    return () => clearTimeout(timer);
  }, [fit, flow]);

  useEffect(() => {
    if (focus === null) return;
    void flow.fitView({ nodes: [{ id: focus.key }], padding: 0.6, maxZoom: 1, minZoom: 0.6, duration: 250 });
    // Enter opens it from there. Not at once: the list it was chosen from still holds the focus.
    const timer = setTimeout(() => {
      const nodes = document.querySelectorAll<HTMLElement>('.react-flow__node');
      [...nodes].find((node) => node.dataset.id === focus.key)?.focus({ preventScroll: true });
    }, 80);
    return () => clearTimeout(timer);
  }, [focus, flow]);

  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    const settled = new Map<string, { x: number; y: number }>();
    const next = { ...overlay };
    for (const change of changes) {
      if (change.type === 'dimensions' && change.dimensions) {
        next[change.id] = { ...next[change.id], measured: change.dimensions };
      } else if (change.type === 'select') {
        next[change.id] = { ...next[change.id], selected: change.selected };
      } else if (change.type === 'position' && change.position) {
        if (change.dragging) {
          next[change.id] = { ...next[change.id], position: change.position, dragging: true };
        } else {
          // Let go, or moved by an arrow key: from here on the place is the step's own.
          const { position: _position, ...rest } = next[change.id] ?? {};
          next[change.id] = { ...rest, dragging: false };
          settled.set(change.id, change.position);
        }
      }
    }
    setOverlay(next);
    if (settled.size > 0) onMove(settled);
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

  const openMenu = (event: globalThis.MouseEvent | MouseEvent, key: string | null) => {
    event.preventDefault();
    if (readOnly) return;
    const { clientX: left, clientY: top } = event;
    setMenu({ left, top, key, ...flow.screenToFlowPosition({ x: left, y: top }) });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof Element)) return;
    const id = event.target.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    const chosen = id && levelOf(id) !== undefined ? id : null;
    const command = event.ctrlKey || event.metaKey;
    // Physical keys: the letter under «C» is another one in the Russian layout.
    if (event.key === 'Enter' && chosen !== null) {
      event.preventDefault();
      onOpen(chosen);
    } else if (command && event.code === 'KeyC' && !readOnly) {
      const key = chosen ?? Object.keys(overlay).find((one) => overlay[one]?.selected && levelOf(one) !== undefined);
      if (key) onCopy(key);
    } else if (command && event.code === 'KeyV' && !readOnly && onPaste) {
      const box = event.currentTarget.getBoundingClientRect();
      const { x, y } = flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
      onPaste(x, y);
    }
  };

  return (
    <div className={classes.canvas} onKeyDown={onKeyDown} data-testid="canvas" data-lit={sights.lit !== null || undefined}>
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
        onNodeClick={(event, node) => {
          const picks = event.ctrlKey || event.metaKey || event.shiftKey;
          if (node.type === 'step' && !picks) onOpen(node.id);
        }}
        onNodeContextMenu={(event, node) => openMenu(event, node.type === 'step' ? node.id : null)}
        onPaneContextMenu={(event) => openMenu(event, null)}
        onPaneClick={onPaneClick}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onBeforeDelete={({ nodes: gone, edges: doomed }) => {
          const keys = gone.map((node) => node.id).filter((key) => levelOf(key) !== undefined);
          if (readOnly) return Promise.resolve(false);
          if (keys.length > 0) onRemove(keys);
          else {
            for (const edge of doomed) {
              if (isCondition(edge.sourceHandle)) onLink(edge.source, edge.sourceHandle, null);
            }
          }
          return Promise.resolve(false); // the picture follows from the steps, React Flow removes nothing itself
        }}
        nodesConnectable={!readOnly}
        nodesDraggable={!readOnly}
        nodeDragThreshold={4}
        deleteKeyCode={readOnly ? null : ['Delete', 'Backspace']}
        zoomOnDoubleClick={false}
        minZoom={0.08}
        maxZoom={1.6}
        fitView
        fitViewOptions={{ padding: 0.15, maxZoom: 1 }}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'controls.ariaLabel': t('dialplan.controls'),
          'controls.zoomIn.ariaLabel': t('dialplan.zoomIn'),
          'controls.zoomOut.ariaLabel': t('dialplan.zoomOut'),
          'controls.fitView.ariaLabel': t('dialplan.fit'),
          'minimap.ariaLabel': t('dialplan.miniMap'),
        }}
      >
        <Background gap={22} size={1.2} />
        <Controls showInteractive={false} />
        {drafts.length > MANY_STEPS && <MiniMap pannable zoomable className={classes.miniMap ?? ''} />}
      </ReactFlow>
      <CanvasMenu
        place={menu}
        onClose={() => setMenu(null)}
        onAdd={onAdd}
        onOpen={onOpen}
        onCopy={onCopy}
        onPaste={onPaste}
        onRemove={(key) => onRemove([key])}
      />
    </div>
  );
}

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}
