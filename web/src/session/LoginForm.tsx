import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle, IconFingerprint } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { enterWithPasskey, passkeysWork } from './passkeys';
import { enter, logIn } from './session';

/** The two fields of logging in; also used when a session ended in the middle of work. */
export function LoginForm({ login: known = '' }: { login?: string }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState('');
  const [codeAsked, setCodeAsked] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await logIn(login.trim(), password, code);
    } catch (failure) {
      const wants = failure instanceof ApiError ? failure.code : '';
      setCode('');
      if (wants === 'second_factor') {
        setCodeAsked(true);
        return;
      }
      setError(errorText(failure, t));
      if (wants !== 'wrong_code') setPassword('');
    } finally {
      setBusy(false);
    }
  };

  const withKey = async () => {
    setError(null);
    try {
      const user = await enterWithPasskey();
      if (user) enter(user);
    } catch (failure) {
      setError(errorText(failure, t));
    }
  };

  return (
    <form onSubmit={submit} aria-label={t('login.title')}>
      <Stack gap="md">
        {error !== null && (
          <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
            {error}
          </Alert>
        )}
        <TextInput
          label={t('login.login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          data-autofocus
          autoFocus={known === ''}
        />
        <PasswordInput
          label={t('login.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
        />
        {codeAsked && (
          <TextInput
            label={t('login.code')}
            description={t('login.codeHint')}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={busy} fullWidth mt="xs">
          {t('login.submit')}
        </Button>
        {passkeysWork() && (
          <Button variant="default" fullWidth leftSection={<IconFingerprint size={18} />} onClick={() => void withKey()}>
            {t('login.passkey')}
          </Button>
        )}
      </Stack>
    </form>
  );
}
