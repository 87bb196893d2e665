import { ActionIcon, Alert, Button, Code, Group, MultiSelect, Paper, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createToken, deleteToken, listTokens } from '../api/generated/ats';
import type { NewTokenOut } from '../api/generated/model';
import { useMeta } from '../api/meta';
import type { ApiToken } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { OnceShown } from '../form/OnceShown';
import { useSending } from '../form/useApiForm';
import { useTimes } from '../format/useTimes';
import { useMe } from '../session/session';
import { Trouble } from '../shell/Trouble';
import { PlainTable } from '../table/PlainTable';

interface Values extends Record<string, unknown> {
  name: string;
  rights: string[];
  expires_at: string | null;
}

/** Bearer tokens for programs. The text of a new one is shown this once. */
export function TokensCard() {
  const { t } = useTranslation();
  const times = useTimes();
  const me = useMe();
  const { rights } = useMeta();
  const cache = useQueryClient();
  const [fresh, setFresh] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<ApiToken | null>(null);
  const saved = useQuery({ queryKey: ['tokens'], queryFn: () => listTokens() });
  const refresh = () => void cache.invalidateQueries({ queryKey: ['tokens'] });
  const moment = (iso: string | null) => <span className="digits">{times.dateTime(iso) || '—'}</span>;
  const form = useForm<Values>({ initialValues: { name: '', rights: [], expires_at: null } });
  const { submit, busy, error } = useSending<Values, NewTokenOut>(
    form,
    ({ expires_at, ...rest }) =>
      // A day is meant to its end, where the person is.
      createToken({ ...rest, expires_at: expires_at ? new Date(`${expires_at}T23:59:59`).toISOString() : null }),
    (created) => {
      form.reset();
      setFresh(created.token);
      refresh();
    },
  );

  return (
    <Paper withBorder p="lg" radius="md">
      <Stack>
        <div>
          <Title order={2} size="h5">
            {t('tokens.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('tokens.hint')}
          </Text>
        </div>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {fresh !== null && (
          <OnceShown title={t('tokens.fresh')} value={fresh} onClose={() => setFresh(null)} />
        )}
        <form onSubmit={submit} noValidate>
          <Group align="flex-end" gap="sm">
            <MultiSelect
              label={t('tokens.rights')}
              placeholder={form.values.rights.length === 0 ? t('tokens.rightsAll') : undefined}
              data={rights.filter(({ code }) => me.rights.includes(code)).map(({ code, name }) => ({ value: code, label: name }))}
              searchable
              clearable
              w="100%"
              {...form.getInputProps('rights')}
            />
            <TextInput type="date" label={t('tokens.expires')} {...form.getInputProps('expires_at')} />
            <TextInput label={t('tokens.name')} placeholder="CRM" flex={1} {...form.getInputProps('name')} />
            <Button type="submit" variant="default" loading={busy}>
              {t('action.create')}
            </Button>
          </Group>
        </form>
        {saved.error && <Trouble error={saved.error} retry={saved.refetch} busy={saved.isFetching} />}
        {saved.data && saved.data.items.length > 0 && (
          <PlainTable
            label={t('tokens.title')}
            rows={saved.data.items}
            keyOf={(token) => token.id}
            minWidth={480}
            columns={[
              { key: 'name', title: t('tokens.name'), render: (token) => token.name },
              { key: 'prefix', title: t('tokens.prefix'), render: (token) => <Code>{token.prefix}…</Code> },
              { key: 'created', title: t('field.created'), render: (token) => moment(token.created_at) },
              { key: 'used', title: t('tokens.used'), render: (token) => moment(token.last_used_at) },
              { key: 'expires', title: t('tokens.expires'), render: (token) => moment(token.expires_at) },
              {
                key: 'rights',
                title: t('tokens.rights'),
                render: (token) =>
                  token.rights.map((code) => rights.find((right) => right.code === code)?.name ?? code).join(', ') ||
                  t('tokens.rightsAll'),
              },
            ]}
            actions={(token) => (
              <Tooltip label={t('tokens.revoke')}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`${t('tokens.revoke')}: ${token.name}`}
                  onClick={() => setDoomed(token)}
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
          actionLabel={t('tokens.revoke')}
          hint={t('tokens.revokeHint')}
          remove={() => deleteToken(doomed.id)}
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
