import { Badge, Button, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconLockOpen, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createBan, deleteBan, listBans } from '../api/generated/ats';
import type { BanOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { useTimes } from '../format/useTimes';
import { EntityTable, type Column } from '../table/EntityTable';

/** «Система → Блокировки»: addresses that guessed at passwords, and those shut out by hand. */
export function BansTab() {
  const { t } = useTranslation();
  const times = useTimes();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [lifted, setLifted] = useState<BanOut | null>(null);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['bans'] });
  const columns: Column<BanOut>[] = [
    {
      key: 'address',
      title: t('network.address'),
      sort: 'address',
      render: (row) => (
        <Text size="sm" fw={600} className="digits">
          {row.address}
        </Text>
      ),
    },
    {
      key: 'source',
      title: t('bans.source'),
      sort: 'source',
      render: (row) => (
        <Badge variant="light" tt="none" color={row.source === 'manual' ? 'gray' : 'red'}>
          {t(`bans.from.${row.source}`, { failures: row.failures })}
        </Badge>
      ),
    },
    { key: 'at', title: t('bans.at'), sort: 'at', render: (row) => times.dateTime(row.at) },
    {
      key: 'until',
      title: t('bans.until'),
      sort: 'until',
      render: (row) => (row.until === null ? t('bans.forever') : times.dateTime(row.until)),
    },
    { key: 'note', title: t('bans.note'), render: (row) => [row.note, row.author_login].filter(Boolean).join(' · ') },
  ];
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw={760}>
        {t('bans.hint')}
      </Text>
      <EntityTable
        id="bans"
        label={t('bans.tab')}
        queryKey={['bans']}
        load={(query) => listBans(query)}
        columns={columns}
        defaultSort="-at"
        refetchInterval={10_000}
        menu={(row) => [{ label: t('bans.lift'), icon: <IconLockOpen size={16} />, onClick: () => setLifted(row) }]}
        toolbar={
          <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
            {t('bans.add')}
          </Button>
        }
        empty={t('bans.empty')}
      />
      {adding && (
        <BanWindow
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {lifted && (
        <ConfirmDelete
          name={lifted.address}
          hint={t('bans.liftHint')}
          actionLabel={t('bans.lift')}
          remove={() => deleteBan(lifted.id)}
          onDone={() => {
            setLifted(null);
            refresh();
          }}
          onClose={() => setLifted(null)}
        />
      )}
    </Stack>
  );
}

interface Values extends Record<string, unknown> {
  address: string;
  minutes: number | string;
  note: string;
}

function BanWindow({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { address: '', minutes: 60, note: '' } });
  const sending = useSending<Values, BanOut>(
    form,
    ({ address, minutes, note }) => createBan({ address, note, minutes: minutes === '' ? null : Number(minutes) }),
    onDone,
  );
  return (
    <FormModal title={t('bans.add')} onClose={onClose} sending={sending}>
      <Stack>
        <TextInput label={t('bans.address')} required data-autofocus {...form.getInputProps('address')} />
        <NumberInput label={t('bans.minutes')} description={t('bans.minutesHint')} min={1} {...form.getInputProps('minutes')} />
        <TextInput label={t('bans.note')} {...form.getInputProps('note')} />
      </Stack>
    </FormModal>
  );
}
