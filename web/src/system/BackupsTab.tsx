import { ActionIcon, Alert, Badge, Button, Checkbox, Group, Loader, Paper, Stack, Text, Tooltip } from '@mantine/core';
import { IconDatabaseExport, IconDownload, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createBackup, deleteBackup, getDownloadBackupUrl, listBackups } from '../api/generated/ats';
import type { BackupOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { errorText } from '../form/errors';
import { megabytes } from '../format/size';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';
import { PlainTable } from '../table/PlainTable';

/** «Система → Резервные копии»: the whole state as files, made while the exchange runs. */
export function BackupsTab() {
  const { t } = useTranslation();
  const times = useTimes();
  const cache = useQueryClient();
  const [recordings, setRecordings] = useState(false);
  const [doomed, setDoomed] = useState<BackupOut | null>(null);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['backups'],
    queryFn: () => listBackups(),
    refetchInterval: (query) => (query.state.data?.items.some((row) => busy(row)) ? 1500 : 15_000),
  });
  const refresh = () => void cache.invalidateQueries({ queryKey: ['backups'] });
  const order = useMutation({ mutationFn: () => createBackup({ recordings }), onSuccess: refresh });
  const running = data?.items.some(busy) ?? false;

  return (
    <Stack>
      <Text size="sm" c="dimmed" maw={760}>
        {t('backups.hint')}
      </Text>
      <Group>
        <Button
          leftSection={<IconDatabaseExport size={18} />}
          loading={order.isPending || running}
          onClick={() => order.mutate()}
        >
          {t('backups.make')}
        </Button>
        <Checkbox
          label={t('backups.recordings')}
          checked={recordings}
          onChange={(event) => setRecordings(event.currentTarget.checked)}
        />
      </Group>
      {order.error && (
        <Alert color="red" role="alert">
          {errorText(order.error, t)}
        </Alert>
      )}
      {error && <Trouble error={error} retry={refetch} busy={isFetching} />}
      <Paper withBorder radius="md">
        <PlainTable
          label={t('backups.tab')}
          rows={data?.items ?? []}
          keyOf={(row) => row.name}
          minWidth={560}
          verticalSpacing="sm"
          columns={[
            { key: 'at', title: t('backups.at'), render: (row) => <span className="digits">{times.dateTime(row.at)}</span> },
            {
              key: 'file',
              title: t('backups.file'),
              render: (row) => (
                <>
                  <Text size="sm" className="digits">
                    {row.name}
                  </Text>
                  {row.recordings && (
                    <Badge size="xs" variant="light" tt="none">
                      {t('backups.withRecordings')}
                    </Badge>
                  )}
                </>
              ),
            },
            {
              key: 'size',
              title: t('backups.size'),
              align: 'right',
              render: (row) => <Size row={row} />,
            },
            {
              key: 'by',
              title: t('backups.by'),
              render: (row) => row.author_login || (row.daily ? t('backups.daily') : '—'),
            },
          ]}
          actions={(row) => (
            <>
              {row.state === 'done' && (
                <Tooltip label={t('backups.download')}>
                  <ActionIcon
                    component="a"
                    href={getDownloadBackupUrl(row.name)}
                    download={row.name}
                    variant="subtle"
                    aria-label={t('backups.download')}
                  >
                    <IconDownload size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
              {!busy(row) && (
                <Tooltip label={t('action.delete')}>
                  <ActionIcon variant="subtle" color="red" aria-label={t('action.delete')} onClick={() => setDoomed(row)}>
                    <IconTrash size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
            </>
          )}
        />
        {data?.items.length === 0 && (
          <Text p="md" size="sm" c="dimmed">
            {t('backups.empty')}
          </Text>
        )}
      </Paper>
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deleteBackup(doomed.name)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </Stack>
  );
}

/** How big the file is; while it is being made or when that failed, so much in words. */
function Size({ row }: { row: BackupOut }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="digits">
      {row.size_bytes !== null && t('backups.mb', { size: megabytes(row.size_bytes, i18n.language) })}
      {busy(row) && <Loader size="xs" role="img" aria-label={t('backups.making')} />}
      {row.state === 'failed' && (
        <Badge color="red" variant="light" tt="none">
          {t('backups.failed', { error: row.error })}
        </Badge>
      )}
    </span>
  );
}

function busy(row: BackupOut): boolean {
  return row.state === 'new' || row.state === 'making';
}
