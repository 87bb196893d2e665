import { Alert, Button, Checkbox, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { deleteZone, getDownPolicy, listZones, saveDownPolicy } from '../api/generated/ats';
import type { DownPolicy, ZoneOut } from '../api/generated/model';
import { useSending } from '../form/useApiForm';
import { ResourceTable } from '../resource/ResourcePage';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import type { Column } from '../table/EntityTable';
import { ZoneWindow } from './ZoneWindow';

/** Prefixes in sight in the table; the window has them all. */
const SHOWN = 12;
/** Directions that cost money: the others never ask. */
const PAID = ['local', 'mobile', 'long_distance', 'international'] as const;

/** «Зоны и направления»: groups of prefixes with one price, and what may be called while nobody can be asked. */
export function ZonesTab() {
  const { t } = useTranslation();
  const mayChange = ofOperator(useMe(), 'change_clients');
  const { data: policy } = useQuery({ queryKey: ['down-policy'], queryFn: () => getDownPolicy() });
  const columns: Column<ZoneOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'prefixes',
      title: t('zones.prefixes'),
      render: (row) => (
        <span className="digits">
          {row.prefixes.slice(0, SHOWN).join(', ')}
          {row.prefixes.length > SHOWN && ` ${t('zones.more', { count: row.prefixes.length - SHOWN })}`}
        </span>
      ),
    },
  ];
  return (
    <Stack gap="xl">
      <div>
        <ResourceTable
          id="zones"
          title={t('zones.tab')}
          empty={t('zones.empty')}
          queryKey={['zones']}
          load={(query) => listZones(query)}
          columns={columns}
          defaultSort="name"
          mayChange={mayChange}
          nameOf={(row) => row.name}
          remove={(row) => deleteZone(row.id)}
          window={(row, acts) => <ZoneWindow zone={row} readOnly={!mayChange} {...acts} />}
        />
      </div>
      {policy ? (
        <PolicyForm key={JSON.stringify(policy)} policy={policy} readOnly={!mayChange} />
      ) : (
        <Skeleton h={160} />
      )}
    </Stack>
  );
}

function PolicyForm({ policy, readOnly }: { policy: DownPolicy; readOnly: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm<DownPolicy & Record<string, unknown>>({ initialValues: { directions: policy.directions } });
  const { submit, busy, error } = useSending(
    form,
    ({ directions }) => saveDownPolicy({ directions }),
    (saved) => {
      cache.setQueryData(['down-policy'], saved);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  return (
    <Paper withBorder p="lg" radius="md" maw={860}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2} size="h5">
            {t('zones.downTitle')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('zones.downHint')}
          </Text>
          {error !== null && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <Checkbox.Group aria-label={t('zones.downTitle')} {...form.getInputProps('directions')}>
            <Group>
              {PAID.map((one) => (
                <Checkbox key={one} value={one} label={t(`destination.${one}`)} disabled={readOnly} />
              ))}
            </Group>
          </Checkbox.Group>
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
