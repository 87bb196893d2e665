import { Alert, Button, Paper, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPhoneCalling } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { getCallback, orderCallback } from '../api/generated/ats';
import type { CallBackOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useSending } from '../form/useApiForm';
import { useMe } from '../session/session';
import { PageTitle } from '../shell/PageTitle';

const LOOK_MS = 700;
const OWN = 'ats.callback.from';

interface Values extends Record<string, unknown> {
  from: string;
  to: string;
}

/**
 * «Обратный вызов» (S236): the small page for a mobile telephone. The exchange calls one's own telephone and, when that
 * answers, connects it. `?to=` has the number ready, for links of other programs.
 */
export function CallbackPage() {
  const { t } = useTranslation();
  const clientId = useMe().client.id;
  const [asked] = useSearchParams();
  const [ordered, setOrdered] = useState<CallBackOut | null>(null);
  const form = useForm<Values>({ initialValues: { from: remembered(), to: asked.get('to') ?? '' } });
  const sending = useSending<Values, CallBackOut>(
    form,
    (values) => {
      setOrdered(null);
      return orderCallback(clientId, values);
    },
    (made) => {
      remember(form.values.from);
      setOrdered(made);
    },
  );
  return (
    <>
      <link rel="manifest" href="/callback.webmanifest" />
      <PageTitle title={t('callback.title')} hint={t('callback.hint')} />
      <Paper withBorder p="lg" radius="md" maw={420}>
        <form onSubmit={sending.submit}>
          <Stack>
            <TextInput
              label={t('callback.from')}
              description={t('callback.fromHint')}
              type="tel"
              size="md"
              required
              {...form.getInputProps('from')}
            />
            <TextInput
              label={t('callback.to')}
              description={t('callback.toHint')}
              type="tel"
              size="md"
              required
              {...form.getInputProps('to')}
            />
            {sending.error && <Alert color="red">{sending.error}</Alert>}
            <Button type="submit" size="lg" loading={sending.busy} leftSection={<IconPhoneCalling size={22} />}>
              {t('callback.call')}
            </Button>
            {ordered && <Progress key={ordered.id} clientId={clientId} id={ordered.id} />}
          </Stack>
        </form>
      </Paper>
    </>
  );
}

/** How an order goes, until the engine has taken or refused it. */
function Progress({ clientId, id }: { clientId: number; id: number }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['callback', clientId, id],
    queryFn: () => getCallback(clientId, id),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'new' ? LOOK_MS : false),
  });
  if (error) return <Alert color="red">{errorText(error, t)}</Alert>;
  if (data?.state === 'failed') return <Alert color="red">{t('callback.failed', { reason: data.error })}</Alert>;
  return (
    <Alert color={data?.state === 'done' ? 'teal' : 'blue'} role="status">
      {t(data?.state === 'done' ? 'callback.done' : 'callback.new')}
    </Alert>
  );
}

function remembered(): string {
  try {
    return localStorage.getItem(OWN) ?? '';
  } catch {
    return ''; // storage is forbidden: it is typed each time
  }
}

function remember(from: string): void {
  try {
    localStorage.setItem(OWN, from);
  } catch {
    // as above
  }
}
