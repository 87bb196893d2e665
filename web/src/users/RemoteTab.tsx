import { Alert, Badge, Button, Fieldset, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getRemoteAccess, setUserCallers, setUserPin } from '../api/generated/ats';
import type { AccessOut } from '../api/generated/model';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { OnceShown } from '../form/OnceShown';
import { useUnsaved } from '../form/unsaved';
import { useSending } from '../form/useApiForm';
import { Loaded } from '../resource/Loaded';

interface Props {
  clientId: number;
  userId: number;
}

/** «Вызовы извне»: the PIN by which a user is known (S234) and his telephones (S235). Each is saved by its own button. */
export function RemoteTab({ clientId, userId }: Props) {
  const query = useQuery({
    queryKey: ['remote', clientId, userId],
    queryFn: () => getRemoteAccess(clientId, userId),
  });
  return (
    <Loaded query={query} height={240}>
      {({ has_pin, callers }) => (
        <Stack>
          <Pin clientId={clientId} userId={userId} given={has_pin} />
          <Callers key={callers.join()} clientId={clientId} userId={userId} known={callers} />
        </Stack>
      )}
    </Loaded>
  );
}

function Pin({ clientId, userId, given }: Props & { given: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [fresh, setFresh] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useUnsaved(typed !== '');

  /** '' has the exchange make one, null takes it away. */
  const give = async (wanted: string | null) => {
    setBusy(true);
    setError(null);
    try {
      const { pin } = await setUserPin(clientId, userId, { pin: wanted });
      setTyped('');
      setFresh(pin);
      cache.setQueryData<AccessOut>(['remote', clientId, userId], (old) => old && { ...old, has_pin: pin !== null });
    } catch (failure) {
      const refused = failure instanceof ApiError ? failure.fields.pin : undefined;
      setError(refused ?? errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Fieldset legend={t('remote.pin')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('remote.pinHint')}
        </Text>
        {fresh !== null && <OnceShown title={t('remote.fresh')} value={fresh} onClose={() => setFresh(null)} />}
        <Group align="flex-end">
          <Badge variant="light" color={given ? 'teal' : 'gray'} tt="none" size="lg">
            {t(given ? 'remote.given' : 'remote.notGiven')}
          </Badge>
          <Button variant="default" loading={busy} onClick={() => void give('')}>
            {t('remote.make')}
          </Button>
          {given && (
            <Button variant="default" color="red" loading={busy} onClick={() => void give(null)}>
              {t('remote.takeAway')}
            </Button>
          )}
        </Group>
        <Group align="flex-end">
          <TextInput
            label={t('remote.own')}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={error}
          />
          <Button variant="default" disabled={typed === ''} loading={busy} onClick={() => void give(typed)}>
            {t('remote.set')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

function Callers({ clientId, userId, known }: Props & { known: string[] }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm({ initialValues: { callers: known } });
  const { submit, busy, error } = useSending<{ callers: string[] }, AccessOut>(
    form,
    (values) => setUserCallers(clientId, userId, values),
    (saved) => {
      cache.setQueryData(['remote', clientId, userId], saved);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  return (
    <Fieldset legend={t('remote.callers')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('remote.callersHint')}
        </Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <TagsInput
          label={t('remote.telephones')}
          placeholder="+7 916 123-45-67"
          splitChars={[',', ';']}
          maxTags={5}
          {...form.getInputProps('callers')}
        />
        <Group>
          <Button variant="default" loading={busy} onClick={() => submit()}>
            {t('remote.saveCallers')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
