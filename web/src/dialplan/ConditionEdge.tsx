import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type Edge, type EdgeProps } from '@xyflow/react';
import { useTranslation } from 'react-i18next';

import classes from './Canvas.module.css';
import type { ArrowData } from './graph';

/** Room between the turn of an arrow and the step it ends at. */
const TURN = 26;

/**
 * A grey arrow with its condition written where it begins: there the rows of a step keep the names apart,
 * while in the middle arrows to one level would write over each other.
 */
export function ConditionEdge(props: EdgeProps<Edge<ArrowData>>) {
  const { t } = useTranslation();
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, label, markerEnd, style, selected, data } =
    props;
  const forward = targetX > sourceX + 2 * TURN;
  const [path] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    borderRadius: 10,
    ...(forward ? { centerX: targetX - TURN } : { offset: TURN }),
  });
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd ? { markerEnd } : {})} {...(style ? { style } : {})} />
      {label !== undefined && (
        <EdgeLabelRenderer>
          <div
            className={classes.edgeLabel}
            data-selected={selected || undefined}
            data-lit={data?.lit || undefined}
            style={{ transform: `translate(0, -100%) translate(${sourceX + 10}px, ${sourceY - 1}px)` }}
          >
            {label}
            {data && data.load !== null && (
              <span className={classes.edgeLoad} title={t('dialplan.load', { count: data.load })}>
                {data.load}
              </span>
            )}
            {data && data.now !== null && (
              <span className={classes.edgeNow} title={t('dialplan.now', { count: data.now })}>
                {data.now}
              </span>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
