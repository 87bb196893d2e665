import { Paper, PasswordInput, SimpleGrid, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

import { changePassword } from '../api/generated/ats';
import { SavedForm } from '../form/SavedForm';
import { useSending } from '../form/useApiForm';

interface Values extends Record<string, unknown> {
  old: string;
  new: string;
}

/** Change of one's own password. */
export function PasswordCard() {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { old: '', new: '' } });
  const sending = useSending<Values, unknown>(
    form,
    (values) => changePassword(values),
    () => {
      form.reset();
      notifications.show({ color: 'teal', message: t('settings.passwordChanged') });
    },
  );
  const eye = { 'aria-label': t('login.showPassword') };
  return (
    <Paper withBorder p="lg" radius="md">
      <SavedForm
        sending={sending}
        submitLabel={t('settings.changePassword')}
        quiet
        head={
          <Title order={2} size="h5">
            {t('settings.password')}
          </Title>
        }
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <PasswordInput
            label={t('settings.oldPassword')}
            autoComplete="current-password"
            visibilityToggleButtonProps={eye}
            {...form.getInputProps('old')}
          />
          <PasswordInput
            label={t('settings.newPassword')}
            autoComplete="new-password"
            visibilityToggleButtonProps={eye}
            {...form.getInputProps('new')}
          />
        </SimpleGrid>
      </SavedForm>
    </Paper>
  );
}
