import { Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { deleteZone, getDownPolicy, listZones, saveDownPolicy } from '../api/generated/ats';
import type { DownPolicy, ZoneOut } from '../api/generated/model';
import { SavedForm, useSaved } from '../form/SavedForm';
import { Loaded } from '../resource/Loaded';
import { ResourceTable } from '../resource/ResourcePage';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import type { Column } from '../table/EntityTable';
import { ZoneWindow } from './ZoneWindow';

/** Prefixes in sight in the table; the window has them all. */
const SHOWN = 12;
/** Directions that cost money: the others never ask. */
const PAID = ['local', 'mobile', 'long_distance', 'international'] as const;

const POLICY = ['down-policy'];

/** «Зоны и направления»: groups of prefixes with one price, and what may be called while nobody can be asked. */
export function ZonesTab() {
  const { t } = useTranslation();
  const mayChange = ofOperator(useMe(), 'change_clients');
  const policy = useQuery({ queryKey: POLICY, queryFn: () => getDownPolicy() });
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
      <Loaded query={policy} height={160}>
        {(known) => <PolicyForm key={JSON.stringify(known)} policy={known} readOnly={!mayChange} />}
      </Loaded>
    </Stack>
  );
}

function PolicyForm({ policy, readOnly }: { policy: DownPolicy; readOnly: boolean }) {
  const { t } = useTranslation();
  const form = useForm<DownPolicy & Record<string, unknown>>({ initialValues: { directions: policy.directions } });
  const sending = useSaved(form, POLICY, ({ directions }) => saveDownPolicy({ directions }));
  return (
    <Paper withBorder p="lg" radius="md" maw={860}>
      <SavedForm
        sending={sending}
        gap="sm"
        readOnly={readOnly}
        head={
          <>
            <Title order={2} size="h5">
              {t('zones.downTitle')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('zones.downHint')}
            </Text>
          </>
        }
      >
        <Checkbox.Group aria-label={t('zones.downTitle')} {...form.getInputProps('directions')}>
          <Group>
            {PAID.map((one) => (
              <Checkbox key={one} value={one} label={t(`destination.${one}`)} disabled={readOnly} />
            ))}
          </Group>
        </Checkbox.Group>
      </SavedForm>
    </Paper>
  );
}
