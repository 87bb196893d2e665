import { Badge, Group, Text, Tooltip } from '@mantine/core';
import {
  IconAddressBook,
  IconAdjustments,
  IconAlertTriangle,
  IconClockHour4,
  IconDialpad,
  IconGauge,
  IconHash,
  IconPassword,
  IconPhone,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPrinter,
  IconQuestionMark,
  IconRecordMail,
  IconUsers,
  IconUsersGroup,
  IconVolume,
} from '@tabler/icons-react';
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { StepAction } from '../api/types';
import classes from './Canvas.module.css';
import type { MissingNode, StartNode, StepNode } from './graph';

const ICONS: Record<StepAction['kind'], typeof IconPhone> = {
  port: IconPhone,
  ring: IconPhoneCall,
  forwarding: IconPhoneOutgoing,
  queue: IconUsers,
  menu: IconDialpad,
  sound: IconVolume,
  classifier: IconAddressBook,
  mailbox: IconRecordMail,
  fax: IconPrinter,
  conference: IconUsersGroup,
  pin: IconPassword,
  callback: IconPhoneIncoming,
  number: IconHash,
  hangup: IconPhoneOff,
};

/** One step: what it does, its level and order, when it applies, and a handle for each condition. */
export const StepCard = memo(function StepCard({ data, selected }: NodeProps<StepNode>) {
  const { t } = useTranslation();
  const { draft, title, calendar, order, of, conditions, error, warnings, load, now, lit } = data;
  const Glyph = draft.action ? ICONS[draft.action.kind] : IconQuestionMark;
  return (
    <div
      className={classes.step}
      data-selected={selected || undefined}
      data-error={error !== null || undefined}
      data-lit={lit.length > 0 || undefined}
      data-testid="step"
    >
      <Handle type="target" position={Position.Left} className={`${classes.handle ?? ''} ${classes.entry ?? ''}`} />
      <Handle
        type="target"
        id="order-in"
        position={Position.Top}
        isConnectable={false}
        className={classes.hidden ?? ''}
      />
      <Group gap={6} justify="space-between" wrap="nowrap" mb={4}>
        <Group gap={4} wrap="nowrap">
          <Badge size="sm" variant="light" tt="none">
            {t('dialplan.levelBadge', { level: draft.level })}
          </Badge>
          {of > 1 && (
            <Tooltip label={t('dialplan.orderHint')}>
              <Badge size="sm" variant="outline" color="gray" tt="none">
                {t('dialplan.order', { order, of })}
              </Badge>
            </Tooltip>
          )}
        </Group>
        <Group gap={4} wrap="nowrap">
          {lit.length > 0 && (
            <Badge size="sm" circle={lit.length === 1} color="orange" tt="none" data-testid="lit">
              {lit.join(', ')}
            </Badge>
          )}
          {warnings.length > 0 && (
            <Tooltip label={warnings.join('\n')} multiline maw={320} style={{ whiteSpace: 'pre-line' }}>
              <IconAlertTriangle
                size={16}
                className={classes.warning}
                role="img"
                aria-label={t('dialplan.warningsOf', { text: warnings.join(' ') })}
              />
            </Tooltip>
          )}
          {draft.extras && (
            <Tooltip label={t('dialplan.ownExtras')}>
              <IconAdjustments size={15} className={classes.mark} role="img" aria-label={t('dialplan.ownExtras')} />
            </Tooltip>
          )}
          {draft.limits && (
            <Tooltip label={t('dialplan.ownLimits')}>
              <IconGauge size={15} className={classes.mark} role="img" aria-label={t('dialplan.ownLimits')} />
            </Tooltip>
          )}
          {draft.timeout_s !== null && (
            <Badge size="sm" variant="light" color="gray" tt="none" leftSection={<IconClockHour4 size={11} />}>
              {t('dialplan.seconds', { count: draft.timeout_s })}
            </Badge>
          )}
        </Group>
      </Group>
      <Group gap={8} wrap="nowrap" className={classes.title ?? ''}>
        <Glyph size={18} stroke={1.7} />
        <Text size="sm" fw={600} lineClamp={2} lh={1.3} title={title}>
          {title}
        </Text>
      </Group>
      {calendar && (
        <Text size="xs" c="dimmed" className="digits" truncate>
          {calendar}
        </Text>
      )}
      {load !== null && (
        <Group gap={6} wrap="nowrap">
          <Text size="xs" className="digits" c={load > 0 ? undefined : 'dimmed'} data-testid="load">
            {t('dialplan.load', { count: load })}
          </Text>
          {now !== null && (
            <Badge size="sm" color="teal" tt="none" className="digits" data-testid="now">
              {t('dialplan.now', { count: now })}
            </Badge>
          )}
        </Group>
      )}
      {error !== null && (
        <Text size="xs" c="red">
          {error}
        </Text>
      )}
      <div className={classes.conditions}>
        {conditions.map((condition) => (
          <div key={condition} className={classes.condition} data-set={draft.targets[condition] !== null || undefined}>
            <Text size="xs">{t(`condition.${condition}`)}</Text>
            <Text size="xs" fw={600} className="digits">
              {draft.targets[condition] ?? '—'}
            </Text>
            <Handle
              type="source"
              id={condition}
              position={Position.Right}
              className={classes.handle ?? ''}
              role="button"
              aria-label={t('dialplan.handle', { condition: t(`condition.${condition}`) })}
            />
          </div>
        ))}
      </div>
      <Handle
        type="source"
        id="order"
        position={Position.Bottom}
        isConnectable={false}
        className={classes.hidden ?? ''}
      />
    </div>
  );
});

/** Where the call comes in. */
export function StartCard({ data }: NodeProps<StartNode>) {
  const { t } = useTranslation();
  return (
    <div className={classes.start}>
      <Text size="xs">{t('dialplan.start')}</Text>
      <Text size="sm" fw={650} className="digits">
        {data.number}
      </Text>
      <Handle type="source" position={Position.Right} isConnectable={false} className={classes.hidden ?? ''} />
    </div>
  );
}

/** A level that no step has: there the call ends (S105). */
export function MissingCard({ data }: NodeProps<MissingNode>) {
  const { t } = useTranslation();
  return (
    <div className={classes.missing}>
      <Handle type="target" position={Position.Left} isConnectable={false} className={classes.hidden ?? ''} />
      <Text size="sm">
        {t('dialplan.levelBadge', { level: data.level })} — {t('dialplan.missing')}
      </Text>
    </div>
  );
}
