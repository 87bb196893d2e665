import { Alert, Badge, Button, Group, Progress, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { deleteCampaign, getListCampaignsUrl, listCampaigns, setCampaignStatus } from '../api/generated/ats';
import type { CampaignOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useTimes } from '../format/useTimes';
import { ResourcePage } from '../resource/ResourcePage';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { CampaignWindow } from './CampaignWindow';

/** A campaign goes on by itself: so often the table looks. */
const LOOK_MS = 3000;
const COLOR = { blocked: 'gray', active: 'green', finished: 'blue' } as const;

/** «Телемаркетинг» (S197-S208): campaigns that call the contacts of classifiers one after another. */
export function CampaignsPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const cache = useQueryClient();
  const times = useTimes();
  const status = useMutation({
    mutationFn: (row: CampaignOut) =>
      setCampaignStatus(clientId, row.id, { status: row.status === 'active' ? 'blocked' : 'active' }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['campaigns', clientId] }),
  });
  const columns: Column<CampaignOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'description', title: t('field.description'), hidden: true, render: (row) => row.description },
    {
      key: 'number',
      title: t('campaigns.number'),
      sort: 'number',
      render: (row) => <span className="digits">{row.number}</span>,
    },
    {
      key: 'classifiers',
      title: t('menu.classifiers'),
      render: (row) => row.classifiers.map(({ title }) => title).join(', ') || '—',
    },
    {
      key: 'status',
      title: t('campaigns.status'),
      sort: 'status',
      render: (row) => (
        <>
          <Badge color={COLOR[row.status]} variant="light" tt="none">
            {t(`campaigns.${row.status}`)}
          </Badge>
          {row.reason && <Text size="xs">{t(`campaigns.reason.${row.reason}`)}</Text>}
        </>
      ),
    },
    {
      key: 'done',
      title: t('campaigns.done'),
      render: (row) =>
        row.total === 0 ? (
          '—'
        ) : (
          <>
            <Text size="sm" className="digits">
              {t('campaigns.progress', { done: row.done, total: row.total, answered: row.answered })}
            </Text>
            <Progress value={(100 * row.done) / row.total} size="sm" aria-label={t('campaigns.done')} />
          </>
        ),
    },
    {
      key: 'started',
      title: t('campaigns.started'),
      hidden: true,
      render: (row) => <span className="digits">{times.dateTime(row.started_at) || '—'}</span>,
    },
  ];
  const verb = (row: CampaignOut) => t(row.status === 'active' ? 'campaigns.stop' : 'campaigns.start');
  const icon = (row: CampaignOut) =>
    row.status === 'active' ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />;
  return (
    <ResourcePage
      id="campaigns"
      title={t('menu.campaigns')}
      hint={t('campaigns.hint')}
      empty={t('campaigns.empty')}
      queryKey={['campaigns', clientId]}
      load={(query) => listCampaigns(clientId, query)}
      exportUrl={(query) => getListCampaignsUrl(clientId, query)}
      columns={columns}
      defaultSort="name"
      refetchInterval={LOOK_MS}
      mayChange
      nameOf={(row) => row.name}
      remove={(row) => deleteCampaign(clientId, row.id)}
      removeHint={t('campaigns.removeHint')}
      window={(row, acts) => <CampaignWindow clientId={clientId} campaign={row} {...acts} />}
      further={(row) => [{ label: verb(row), icon: icon(row), onClick: () => status.mutate(row) }]}
      buttons={(row) => (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={icon(row)}
          loading={status.isPending && status.variables.id === row.id}
          onClick={() => status.mutate(row)}
        >
          {verb(row)}
        </Button>
      )}
      toolbar={
        status.error && (
          <Group>
            <Alert color="red" py="xs" withCloseButton onClose={() => status.reset()}>
              {errorText(status.error, t)}
            </Alert>
          </Group>
        )
      }
    />
  );
}
