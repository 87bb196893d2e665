import { Checkbox, NumberInput, Paper, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getPolicy, updatePolicy } from '../api/generated/ats';
import type { PolicyShape } from '../api/generated/model';
import { useMeta } from '../api/meta';
import { SavedForm, useSaved } from '../form/SavedForm';
import { Loaded } from '../resource/Loaded';

const KEY = ['policy'];

/** The operator's rules for log-ins: who needs a second factor, how long passwords are. */
export function SecurityTab() {
  const query = useQuery({ queryKey: KEY, queryFn: () => getPolicy() });
  return (
    <Loaded query={query} height={300}>
      {(policy) => <Rules key={JSON.stringify(policy)} policy={policy} />}
    </Loaded>
  );
}

function Rules({ policy }: { policy: PolicyShape }) {
  const { t } = useTranslation();
  const { roles } = useMeta();
  const form = useForm<Required<PolicyShape> & Record<string, unknown>>({
    initialValues: {
      second_factor_roles: policy.second_factor_roles ?? [],
      password_length: policy.password_length ?? 8,
    },
  });
  const sending = useSaved(form, KEY, (values) => updatePolicy(values));
  return (
    <Paper withBorder p="lg" radius="md" maw={760}>
      <SavedForm
        sending={sending}
        head={
          <div>
            <Title order={2} size="h5">
              {t('security.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('security.hint')}
            </Text>
          </div>
        }
      >
        <Checkbox.Group
          label={t('security.factorRoles')}
          description={t('security.factorRolesHint')}
          {...form.getInputProps('second_factor_roles')}
        >
          <Stack gap="xs" my="xs">
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
      </SavedForm>
    </Paper>
  );
}
