import { Alert, Anchor, Button, Group, NumberInput, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getRecordingsKeeping, setRecordingsKeeping } from '../api/generated/ats';
import type { KeepingIn, KeepingOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useSending } from '../form/useApiForm';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';

const MEGABYTE = 1_000_000;

/** «Записи разговоров»: how many there are and how long they are kept (S138, S139, S185). */
export function RecordingsPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const { data, error } = useQuery({
    queryKey: ['recordings-keeping', clientId],
    queryFn: () => getRecordingsKeeping(clientId),
  });
  return (
    <>
      <PageTitle title={t('menu.recordings')} hint={t('recordings.hint')} />
      {error && (
        <Alert color="red" role="alert">
          {errorText(error, t)}
        </Alert>
      )}
      {data ? <Keeping key={JSON.stringify(data)} clientId={clientId} kept={data} /> : <Skeleton h={240} maw={760} />}
    </>
  );
}

function Keeping({ clientId, kept }: { clientId: number; kept: KeepingOut }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const readOnly = !may(me, 'sounds_change', clientId);
  const form = useForm<Required<KeepingIn> & Record<string, unknown>>({
    initialValues: { keep_days: kept.keep_days ?? 0, quota_mb: kept.quota_mb ?? 0 },
  });
  const { submit, busy, error } = useSending(
    form,
    (values) => setRecordingsKeeping(clientId, values),
    (saved) => {
      cache.setQueryData(['recordings-keeping', clientId], saved);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  const megabytes = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <Paper withBorder p="lg" radius="md" maw={760}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Group justify="space-between">
            <Text>
              {t('recordings.used', {
                count: kept.count,
                size: megabytes.format(kept.size_bytes / MEGABYTE),
              })}
            </Text>
            {may(me, 'calls_view', clientId) && (
              <Anchor component={Link} to={`/c/${clientId}/calls`} size="sm">
                {t('recordings.listen')}
              </Anchor>
            )}
          </Group>
          {error !== null && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {(['keep_days', 'quota_mb'] as const).map((field) => (
              <NumberInput
                key={field}
                label={t(`recordings.${field}`)}
                description={t('recordings.zero')}
                min={0}
                allowDecimal={false}
                readOnly={readOnly}
                {...form.getInputProps(field)}
              />
            ))}
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            {t('recordings.rule')}
          </Text>
          {!readOnly && (
            <Group>
              <Button type="submit" loading={busy}>
                {t('action.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Paper>
  );
}
