import { Anchor, Box, Group, NumberInput, Paper, SimpleGrid, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getRecordingsKeeping, setRecordingsKeeping } from '../api/generated/ats';
import type { KeepingIn, KeepingOut } from '../api/generated/model';
import { SavedForm, useSaved } from '../form/SavedForm';
import { megabytes } from '../format/size';
import { Loaded } from '../resource/Loaded';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';

const keyOf = (clientId: number) => ['recordings-keeping', clientId];

/** «Записи разговоров»: how many there are and how long they are kept (S138, S139, S185). */
export function RecordingsPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const query = useQuery({ queryKey: keyOf(clientId), queryFn: () => getRecordingsKeeping(clientId) });
  return (
    <>
      <PageTitle title={t('menu.recordings')} hint={t('recordings.hint')} />
      <Box maw={760}>
        <Loaded query={query} height={240}>
          {(kept) => (
            // Not by the count and the size, which grow while somebody types.
            <Keeping key={`${clientId} ${kept.keep_days} ${kept.quota_mb}`} clientId={clientId} kept={kept} />
          )}
        </Loaded>
      </Box>
    </>
  );
}

function Keeping({ clientId, kept }: { clientId: number; kept: KeepingOut }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const readOnly = !may(me, 'sounds_change', clientId);
  const form = useForm<Required<KeepingIn> & Record<string, unknown>>({
    initialValues: { keep_days: kept.keep_days ?? 0, quota_mb: kept.quota_mb ?? 0 },
  });
  const sending = useSaved(form, keyOf(clientId), (values) => setRecordingsKeeping(clientId, values));
  return (
    <Paper withBorder p="lg" radius="md">
      <SavedForm
        sending={sending}
        readOnly={readOnly}
        head={
          <Group justify="space-between">
            <Text>
              {t('recordings.used', { count: kept.count, size: megabytes(kept.size_bytes, i18n.language) })}
            </Text>
            {may(me, 'calls_view', clientId) && (
              <Anchor component={Link} to={`/c/${clientId}/calls`} size="sm">
                {t('recordings.listen')}
              </Anchor>
            )}
          </Group>
        }
      >
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
      </SavedForm>
    </Paper>
  );
}
