import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { PageTitle } from '../shell/PageTitle';
import { PasswordCard } from './PasswordCard';
import { ProfileCard } from './ProfileCard';
import { TokensCard } from './TokensCard';

/** One's own settings: language, zone, theme, password, API tokens. */
export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle title={t('menu.settings')} />
      <Stack maw={760} gap="lg">
        <ProfileCard />
        <PasswordCard />
        <TokensCard />
      </Stack>
    </>
  );
}
