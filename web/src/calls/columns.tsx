import { Badge, Text, VisuallyHidden } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowsLeftRight,
  IconArrowUpRight,
  IconFileText,
  IconMicrophone,
} from '@tabler/icons-react';
import type { TFunction } from 'i18next';

import type { Call } from '../api/types';
import { money } from '../format/money';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { Callable } from '../phone/CallButton';
import type { Column } from '../table/EntityTable';

export const DIRECTIONS = ['internal', 'in', 'out'] as const;
export const RESULTS = ['answered', 'no_answer', 'busy', 'cancelled', 'no_route', 'failed', 'lost'] as const;

export const RESULT_COLORS: Record<string, string> = {
  answered: 'teal',
  no_answer: 'yellow',
  busy: 'orange',
  cancelled: 'gray',
  no_route: 'red',
  failed: 'red',
  lost: 'red',
};

const DIRECTION_ICONS = { internal: IconArrowsLeftRight, in: IconArrowDownLeft, out: IconArrowUpRight };

export function ResultBadge({ result, t }: { result: string; t: TFunction }) {
  return (
    <Badge variant="light" color={RESULT_COLORS[result] ?? 'gray'} tt="none">
      {t(`result.${result}`)}
    </Badge>
  );
}

/** The arrow of a call's direction, where its word has no place: that is in the tip, and for those who listen. */
export function DirectionMark({ direction, t }: { direction: string; t: TFunction }) {
  const Glyph = DIRECTION_ICONS[direction as keyof typeof DIRECTION_ICONS] ?? IconArrowsLeftRight;
  const word = t(`direction.${direction}`);
  return (
    <span title={word}>
      <Glyph size={15} style={{ verticalAlign: '-2px' }} aria-hidden />
      <VisuallyHidden>{word}: </VisuallyHidden>
    </span>
  );
}

/** What was kept of a call. */
export function CallMarks({ row, t }: { row: Call; t: TFunction }) {
  return (
    <>
      {row.has_recording && <IconMicrophone size={16} role="img" aria-label={t('calls.hasRecording')} />}
      {row.has_fax && <IconFileText size={16} role="img" aria-label={t('calls.hasFax')} />}
    </>
  );
}

export function callColumns(
  t: TFunction,
  moment: (iso: string | null) => string,
  language: string,
): Column<Call>[] {
  return [
    {
      key: 'started',
      title: t('calls.started'),
      sort: 'started_at',
      render: (row) => (
        <Text size="sm" className="digits" style={{ whiteSpace: 'nowrap' }}>
          {moment(row.started_at)}
        </Text>
      ),
    },
    {
      key: 'direction',
      title: t('calls.direction'),
      sort: 'direction',
      spare: true,
      render: (row) => (
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          {t(`direction.${row.direction}`)}
        </Text>
      ),
    },
    {
      key: 'caller',
      title: t('calls.caller'),
      sort: 'caller',
      render: (row) => (
        <span className="digits">
          <DirectionMark direction={row.direction} t={t} />{' '}
          <Callable number={row.caller}>
            <span style={{ whiteSpace: 'nowrap' }}>{shownNumber(row.caller)}</span>
          </Callable>
          {row.caller_name && row.caller_name !== row.caller && (
            <Text span size="xs" c="dimmed">
              {' '}
              {row.caller_name}
            </Text>
          )}
        </span>
      ),
    },
    {
      key: 'called',
      title: t('calls.called'),
      sort: 'called',
      render: (row) => (
        <span className="digits" style={{ whiteSpace: 'nowrap' }}>
          <Callable number={row.called}>{shownNumber(row.called)}</Callable>
        </span>
      ),
    },
    { key: 'via', title: t('calls.via'), sort: 'via', hidden: true, render: (row) => <span className="digits">{shownNumber(row.via)}</span> },
    { key: 'result', title: t('calls.result'), sort: 'result', render: (row) => <ResultBadge result={row.result} t={t} /> },
    {
      key: 'answeredBy',
      title: t('calls.answeredBy'),
      sort: 'answered_by',
      spare: true,
      render: (row) => (
        <span className="digits" style={{ whiteSpace: 'nowrap' }}>
          {shownNumber(row.answered_by)}
        </span>
      ),
    },
    {
      key: 'ring',
      title: t('calls.ring'),
      sort: 'ring_ms',
      spare: true,
      align: 'right',
      render: (row) => <span className="digits">{duration(row.ring_ms)}</span>,
    },
    {
      key: 'talk',
      title: t('calls.talk'),
      sort: 'talk_ms',
      align: 'right',
      render: (row) => <span className="digits">{duration(row.talk_ms)}</span>,
    },
    {
      key: 'files',
      title: t('calls.files'),
      render: (row) => <CallMarks row={row} t={t} />,
    },
    {
      key: 'cause',
      title: t('calls.cause'),
      align: 'right',
      hidden: true,
      render: (row) => <span className="digits">{row.cause}</span>,
    },
    {
      key: 'cost',
      title: t('calls.cost'),
      sort: 'cost',
      align: 'right',
      hidden: true,
      render: (row) => (row.cost === null ? '' : money(row.cost, row.currency, language)),
    },
    {
      key: 'destination',
      title: t('calls.destination'),
      hidden: true,
      render: (row) => (row.destination ? t(`destination.${row.destination}`) : ''),
    },
  ];
}
