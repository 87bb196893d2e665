import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';

/** A screen that could not be shown: an unknown address, or a fault of ours. */
export function Failure() {
  const { t } = useTranslation();
  const error = useRouteError();
  const missing = error === undefined || error === null || (isRouteErrorResponse(error) && error.status === 404);
  return (
    <Center mih="60dvh">
      <Stack align="center">
        <Title order={2}>{t(missing ? 'error.noPage' : 'error.screen')}</Title>
        {!missing && (
          <>
            {/* A screen's file that did not come: no network, or a new release without it. */}
            <Text c="dimmed">
              {error instanceof TypeError ? t('error.network') : error instanceof Error ? error.message : ''}
            </Text>
            <Button onClick={() => window.location.reload()}>{t('action.retry')}</Button>
          </>
        )}
        <Button component={Link} to="/" reloadDocument={!missing} variant={missing ? 'filled' : 'default'}>
          {t('error.toStart')}
        </Button>
      </Stack>
    </Center>
  );
}

/** A section that is not for this user: an old link, or an address typed by hand. */
export function Refused() {
  const { t } = useTranslation();
  return (
    <Center mih="60dvh">
      <Stack align="center" role="alert">
        <Title order={2}>{t('error.noRight')}</Title>
        <Button component={Link} to="/">
          {t('error.toStart')}
        </Button>
      </Stack>
    </Center>
  );
}
