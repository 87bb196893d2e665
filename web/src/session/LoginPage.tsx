import { Box, Center, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { isLanguage, setLanguage } from '../i18n';
import { Logo } from '../shell/Logo';
import { LoginForm } from './LoginForm';

export function LoginPage() {
  const { t, i18n } = useTranslation();
  return (
    <Center mih="100dvh" p="md">
      <Box w="100%" maw={400}>
        <Stack gap="lg">
          <Group gap="sm" justify="center">
            <Logo size={40} />
            <div>
              <Title order={1} size="h3">
                {t('app.name')}
              </Title>
              <Text size="sm" c="dimmed">
                {t('app.tagline')}
              </Text>
            </div>
          </Group>
          <Paper withBorder shadow="sm" p="xl" radius="lg" component="main">
            <LoginForm />
          </Paper>
          <Center>
            <SegmentedControl
              size="xs"
              aria-label={t('settings.language')}
              value={i18n.language}
              onChange={(value) => {
                if (isLanguage(value)) void setLanguage(value);
              }}
              data={[
                { value: 'ru', label: 'Русский' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Center>
        </Stack>
      </Box>
    </Center>
  );
}
