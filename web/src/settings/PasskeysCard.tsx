import { ActionIcon, Alert, Button, Group, Paper, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deletePasskey, listPasskeys } from '../api/generated/ats';
import type { PasskeyOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { useSending } from '../form/useApiForm';
import { useTimes } from '../format/useTimes';
import { makePasskey, passkeysWork } from '../session/passkeys';
import { rememberMe, useMe } from '../session/session';
import { Trouble } from '../shell/Trouble';
import { PlainTable } from '../table/PlainTable';

/** Passkeys: logging in with a fingerprint or a key instead of a password. */
export function PasskeysCard() {
  const { t } = useTranslation();
  const me = useMe();
  const times = useTimes();
  const cache = useQueryClient();
  const [doomed, setDoomed] = useState<PasskeyOut | null>(null);
  const saved = useQuery({ queryKey: ['passkeys'], queryFn: () => listPasskeys() });
  const refresh = () => void cache.invalidateQueries({ queryKey: ['passkeys'] });
  const moment = (iso: string | null) => <span className="digits">{times.dateTime(iso) || '—'}</span>;
  const form = useForm<{ name: string } & Record<string, unknown>>({ initialValues: { name: '' } });
  const { submit, busy, error } = useSending(
    form,
    ({ name }) => makePasskey(name),
    (made) => {
      if (!made) return;
      form.reset();
      rememberMe({ ...me, must_set_up_factor: false });
      refresh();
    },
  );

  return (
    <Paper withBorder p="lg" radius="md">
      <Stack>
        <div>
          <Title order={2} size="h5">
            {t('passkeys.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t(passkeysWork() ? 'passkeys.hint' : 'passkeys.notHere')}
          </Text>
        </div>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {passkeysWork() && (
          <form onSubmit={submit} noValidate>
            <Group align="flex-end" gap="sm">
              <TextInput
                label={t('passkeys.name')}
                placeholder={t('passkeys.example')}
                flex={1}
                {...form.getInputProps('name')}
              />
              <Button type="submit" variant="default" loading={busy}>
                {t('action.create')}
              </Button>
            </Group>
          </form>
        )}
        {saved.error && <Trouble error={saved.error} retry={saved.refetch} busy={saved.isFetching} />}
        {saved.data && saved.data.items.length > 0 && (
          <PlainTable
            label={t('passkeys.title')}
            rows={saved.data.items}
            keyOf={(row) => row.id}
            minWidth={400}
            columns={[
              { key: 'name', title: t('passkeys.name'), render: (row) => row.name },
              { key: 'created', title: t('field.created'), render: (row) => moment(row.created_at) },
              { key: 'used', title: t('tokens.used'), render: (row) => moment(row.last_used_at) },
            ]}
            actions={(row) => (
              <Tooltip label={t('action.delete')}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t('aria.delete', { name: row.name })}
                  onClick={() => setDoomed(row)}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          />
        )}
      </Stack>
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deletePasskey(doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </Paper>
  );
}
