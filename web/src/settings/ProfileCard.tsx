import { Paper, SegmentedControl, Select, SimpleGrid, Text, TextInput, Title, useMantineColorScheme } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

import { updateMe } from '../api/generated/ats';
import type { MeIn, UserMe } from '../api/generated/model';
import { queryClient } from '../api/query';
import { SavedForm } from '../form/SavedForm';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { isLanguage, setLanguage } from '../i18n';
import { rememberMe, useMe } from '../session/session';

/** Name, e-mail, language and zone of oneself; the theme lives in the browser. */
export function ProfileCard() {
  const { t } = useTranslation();
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const form = useForm<Required<MeIn> & Record<string, unknown>>({
    initialValues: { name: me.name, email: me.email, language: me.language, time_zone: me.time_zone },
  });
  const sending = useSending<Required<MeIn> & Record<string, unknown>, UserMe>(
    form,
    (values) => updateMe(values),
    (user) => {
      const spoke = me.language;
      rememberMe(user);
      if (isLanguage(user.language)) {
        void setLanguage(user.language).then(() => {
          // Names that come from the server are in the former language.
          if (spoke !== user.language) void queryClient.invalidateQueries({ queryKey: ['meta'] });
          notifications.show({ color: 'teal', message: t('settings.saved') });
        });
      }
    },
  );

  return (
    <Paper withBorder p="lg" radius="md">
      <SavedForm
        sending={sending}
        head={
          <Title order={2} size="h5">
            {t('settings.profile')}
          </Title>
        }
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t('users.fullName')} {...form.getInputProps('name')} />
          <TextInput label={t('field.email')} type="email" {...form.getInputProps('email')} />
          <Select
            label={t('settings.language')}
            allowDeselect={false}
            data={[
              { value: 'ru', label: 'Русский' },
              { value: 'en', label: 'English' },
            ]}
            {...form.getInputProps('language')}
          />
          <ZoneSelect label={t('field.zone')} allowDeselect={false} {...form.getInputProps('time_zone')} />
        </SimpleGrid>
        <div>
          <Text size="sm" fw={500} mb={4} id="theme-label">
            {t('settings.theme')}
          </Text>
          <SegmentedControl
            aria-labelledby="theme-label"
            value={colorScheme}
            onChange={(value) => {
              if (value === 'light' || value === 'dark' || value === 'auto') setColorScheme(value);
            }}
            data={[
              { value: 'auto', label: t('settings.themeAuto') },
              { value: 'light', label: t('settings.themeLightShort') },
              { value: 'dark', label: t('settings.themeDarkShort') },
            ]}
          />
        </div>
      </SavedForm>
    </Paper>
  );
}
