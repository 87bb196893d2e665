import { ActionIcon, Alert, Badge, Button, Checkbox, Group, Loader, Paper, Stack, Table, Text, Tooltip } from '@mantine/core';
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

/** «Система → Резервные копии»: the whole state as files, made while the exchange runs. */
export function BackupsTab() {
  const { t, i18n } = useTranslation();
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
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm" horizontalSpacing="md" aria-label={t('backups.tab')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('backups.at')}</Table.Th>
                <Table.Th>{t('backups.file')}</Table.Th>
                <Table.Th ta="right">{t('backups.size')}</Table.Th>
                <Table.Th>{t('backups.by')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data?.items.map((row) => (
                <Table.Tr key={row.name}>
                  <Table.Td className="digits">{times.dateTime(row.at)}</Table.Td>
                  <Table.Td>
                    <Text size="sm" className="digits">
                      {row.name}
                    </Text>
                    {row.recordings && (
                      <Badge size="xs" variant="light" tt="none">
                        {t('backups.withRecordings')}
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td ta="right" className="digits">
                    {row.size_bytes !== null && t('backups.mb', { size: megabytes(row.size_bytes, i18n.language) })}
                    {busy(row) && <Loader size="xs" role="img" aria-label={t('backups.making')} />}
                    {row.state === 'failed' && (
                      <Badge color="red" variant="light" tt="none">
                        {t('backups.failed', { error: row.error })}
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td>{row.author_login || (row.daily ? t('backups.daily') : '—')}</Table.Td>
                  <Table.Td ta="right">
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
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
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
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

function busy(row: BackupOut): boolean {
  return row.state === 'new' || row.state === 'making';
}
