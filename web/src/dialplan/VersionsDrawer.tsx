import { Accordion, Alert, Badge, Button, Drawer, Group, List, Pagination, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { diffVersions, listVersions, restoreVersion } from '../api/generated/ats';
import type { DialplanSaved, VersionOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';

const ON_A_PAGE = 20;

interface Props {
  clientId: number;
  numberId: number;
  /** The revision on the screen. */
  revision: number;
  mayRestore: boolean;
  /** True while the picture has changes that a roll-back would lose. */
  dirty: boolean;
  onRestored: (saved: DialplanSaved) => void;
  onClose: () => void;
}

/** «Версии»: every save of the dialplan, what each changed in words, and the way back to it. */
export function VersionsDrawer({ clientId, numberId, revision, mayRestore, dirty, onRestored, onClose }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<string | null>(null);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['dialplan-versions', clientId, numberId, page],
    queryFn: () => listVersions(clientId, numberId, { page, page_size: ON_A_PAGE }),
  });
  const restore = useMutation({
    mutationFn: (wanted: number) => restoreVersion(clientId, numberId, wanted, { revision }),
    onSuccess: (saved, wanted) => {
      onRestored(saved);
      setOpen(null);
      notifications.show({ color: 'teal', message: t('dialplan.versionRestored', { revision: wanted }) });
    },
  });
  const described = (version: VersionOut) =>
    [
      times.dateTime(version.at),
      version.author || t('dialplan.versionSystem'),
      t('dialplan.versionSteps', { count: version.steps_count }),
    ].join(' · ');
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      title={t('dialplan.versions')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        {error && <Trouble error={error} retry={refetch} busy={isFetching} />}
        {restore.error && (
          <Alert color="red" role="alert">
            {errorText(restore.error, t)}
          </Alert>
        )}
        {mayRestore && dirty && <Alert color="yellow">{t('dialplan.versionDirty')}</Alert>}
        {!data && !error && <Skeleton h={240} />}
        {data?.total === 0 && <Text c="dimmed">{t('dialplan.noVersions')}</Text>}
        <Accordion value={open} onChange={setOpen} variant="contained">
          {data?.items.map((version) => (
            <Accordion.Item key={version.revision} value={String(version.revision)}>
              <Accordion.Control>
                <Group gap="xs">
                  <Text fw={600}>{t('dialplan.version', { revision: version.revision })}</Text>
                  {version.revision === revision && (
                    <Badge tt="none" variant="light">
                      {t('dialplan.versionNow')}
                    </Badge>
                  )}
                </Group>
                <Text size="xs" c="dimmed" className="digits">
                  {described(version)}
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                {open === String(version.revision) && (
                  <Changes clientId={clientId} numberId={numberId} revision={version.revision} />
                )}
                {mayRestore && version.revision !== revision && (
                  <Button
                    mt="sm"
                    size="xs"
                    variant="light"
                    disabled={dirty}
                    loading={restore.isPending}
                    onClick={() => restore.mutate(version.revision)}
                  >
                    {t('dialplan.versionRestore')}
                  </Button>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
        {data && data.total > ON_A_PAGE && (
          <Pagination size="sm" total={Math.ceil(data.total / ON_A_PAGE)} value={page} onChange={setPage} />
        )}
      </Stack>
    </Drawer>
  );
}

function Changes({ clientId, numberId, revision }: { clientId: number; numberId: number; revision: number }) {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['dialplan-versions', clientId, numberId, 'diff', revision],
    queryFn: () => diffVersions(clientId, numberId, revision),
    staleTime: Infinity, // a version never changes
  });
  if (error) return <Trouble error={error} retry={refetch} busy={isFetching} />;
  if (!data) return <Skeleton h={40} />;
  if (data.lines.length === 0) return <Text size="sm">{t('dialplan.versionSame')}</Text>;
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        {t('dialplan.versionDiff')}
      </Text>
      <List size="sm" spacing={4}>
        {[...new Set(data.lines)].map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </>
  );
}
