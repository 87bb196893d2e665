import { Group, Text, VisuallyHidden } from '@mantine/core';
import type { TFunction } from 'i18next';

import type { Call } from '../api/types';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { CallMarks, DirectionMark, ResultBadge } from './columns';

interface Props {
  row: Call;
  t: TFunction;
  moment: (iso: string | null) => string;
}

/** A call on a phone's two lines: who → whom; when, with what result and how long they talked. */
export function PhoneCall({ row, t, moment }: Props) {
  return (
    <>
      <Text size="sm" fw={600} className="digits">
        <DirectionMark direction={row.direction} t={t} />{' '}
        <span style={{ whiteSpace: 'nowrap' }}>{shownNumber(row.caller)} →</span>{' '}
        <span style={{ whiteSpace: 'nowrap' }}>{shownNumber(row.called)}</span>
      </Text>
      <Group gap={8} mt={2}>
        <Text size="xs" c="dimmed" className="digits">
          {moment(row.started_at)}
        </Text>
        <ResultBadge result={row.result} t={t} />
        {row.talk_ms > 0 && (
          <Text size="xs" className="digits">
            <VisuallyHidden>{t('calls.talk')}: </VisuallyHidden>
            {duration(row.talk_ms)}
          </Text>
        )}
        <CallMarks row={row} t={t} />
      </Group>
    </>
  );
}
