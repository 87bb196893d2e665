import { Alert, Button, Checkbox, Group, NumberInput, Paper, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getPolicy, updatePolicy } from '../api/generated/ats';
import type { PolicyShape } from '../api/generated/model';
import { useMeta } from '../api/meta';
import { useSending } from '../form/useApiForm';

/** The operator's rules for log-ins: who needs a second factor, how long passwords are. */
export function SecurityTab() {
  const { data } = useQuery({ queryKey: ['policy'], queryFn: () => getPolicy() });
  return data ? <Rules policy={data} /> : null;
}

function Rules({ policy }: { policy: PolicyShape }) {
  const { t } = useTranslation();
  const { roles } = useMeta();
  const cache = useQueryClient();
  const form = useForm<Required<PolicyShape> & Record<string, unknown>>({
    initialValues: {
      second_factor_roles: policy.second_factor_roles ?? [],
      password_length: policy.password_length ?? 8,
    },
  });
  const { submit, busy, error } = useSending(
    form,
    (values) => updatePolicy(values),
    (saved) => {
      cache.setQueryData(['policy'], saved);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  return (
    <Paper withBorder p="lg" radius="md" maw={760}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} size="h5">
              {t('security.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('security.hint')}
            </Text>
          </div>
          {error !== null && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <Checkbox.Group
            label={t('security.factorRoles')}
            description={t('security.factorRolesHint')}
            {...form.getInputProps('second_factor_roles')}
          >
            <Stack gap="xs" mt="xs">
              {roles.map(({ code, name }) => (
                <Checkbox key={code} value={code} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
          <NumberInput
            label={t('security.passwordLength')}
            min={8}
            max={64}
            allowDecimal={false}
            w={220}
            {...form.getInputProps('password_length')}
          />
          <Group>
            <Button type="submit" loading={busy}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
