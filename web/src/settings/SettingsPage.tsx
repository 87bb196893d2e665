import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { PageTitle } from '../shell/PageTitle';
import { PasskeysCard } from './PasskeysCard';
import { PasswordCard } from './PasswordCard';
import { ProfileCard } from './ProfileCard';
import { SecondFactorCard } from './SecondFactorCard';
import { SessionsCard } from './SessionsCard';
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
        <SecondFactorCard />
        <PasskeysCard />
        <SessionsCard />
        <TokensCard />
      </Stack>
    </>
  );
}
