import { Alert, Button, Code, CopyButton, Group, Image, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { newFactorSecret, setUpFactor, switchFactorOff } from '../api/generated/ats';
import type { FactorSecret, RecoveryCodes } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useSending } from '../form/useApiForm';
import { rememberMe, useMe } from '../session/session';

/** One-time codes (TOTP): a QR code for the telephone, a first code as proof, recovery codes shown once. */
export function SecondFactorCard() {
  const { t } = useTranslation();
  const me = useMe();
  const [offered, setOffered] = useState<FactorSecret | null>(null);
  const asking = useMutation({ mutationFn: () => newFactorSecret(), onSuccess: setOffered });
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const remember = (on: boolean) => rememberMe({ ...me, one_time_codes: on, must_set_up_factor: on ? false : me.must_set_up_factor });

  return (
    <Paper withBorder p="lg" radius="md">
      <Stack>
        <div>
          <Title order={2} size="h5">
            {t('factor.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t(me.one_time_codes ? 'factor.on' : 'factor.hint')}
          </Text>
        </div>
        {me.must_set_up_factor && (
          <Alert color="orange" role="alert">
            {t('factor.demanded')}
          </Alert>
        )}
        {asking.error && (
          <Alert color="red" role="alert">
            {errorText(asking.error, t)}
          </Alert>
        )}
        {recovery && <Recovery codes={recovery} onClose={() => setRecovery(null)} />}
        {me.one_time_codes ? (
          <SwitchOff onDone={() => remember(false)} />
        ) : offered ? (
          <Proof
            offered={offered}
            onDone={({ codes }) => {
              setRecovery(codes);
              setOffered(null);
              remember(true);
            }}
          />
        ) : (
          <Group>
            <Button variant="default" loading={asking.isPending} onClick={() => asking.mutate()}>
              {t('factor.setUp')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Proof({ offered, onDone }: { offered: FactorSecret; onDone: (codes: RecoveryCodes) => void }) {
  const { t } = useTranslation();
  const form = useForm<{ code: string } & Record<string, unknown>>({ initialValues: { code: '' } });
  const { submit, busy, error } = useSending(
    form,
    ({ code }) => setUpFactor({ secret: offered.secret, code }),
    onDone,
  );
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-start" gap="lg">
        <Image src={offered.qr} alt={t('factor.qr')} w={180} h={180} bg="white" p={4} radius="sm" />
        <Stack gap="sm" flex={1} miw={220}>
          <Text size="sm">{t('factor.scan')}</Text>
          <Code style={{ overflowWrap: 'anywhere' }}>{offered.secret}</Code>
          {error !== null && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <TextInput
            label={t('login.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            data-autofocus
            {...form.getInputProps('code')}
          />
          <Group>
            <Button type="submit" loading={busy}>
              {t('factor.switchOn')}
            </Button>
          </Group>
        </Stack>
      </Group>
    </form>
  );
}

function Recovery({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="teal" title={t('factor.recovery')} withCloseButton onClose={onClose}>
      <Stack gap="xs">
        <Text size="sm">{t('factor.recoveryHint')}</Text>
        <Code block>{codes.join('\n')}</Code>
        <Group>
          <CopyButton value={codes.join('\n')}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {t(copied ? 'action.copied' : 'action.copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  );
}

function SwitchOff({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const form = useForm<{ password: string } & Record<string, unknown>>({ initialValues: { password: '' } });
  const { submit, busy, error } = useSending(form, ({ password }) => switchFactorOff({ password }), onDone);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group align="flex-end">
          <PasswordInput
            label={t('settings.oldPassword')}
            autoComplete="current-password"
            flex={1}
            visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" variant="default" color="red" loading={busy}>
            {t('factor.switchOff')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
