import { Checkbox, PasswordInput, Select, SimpleGrid, Tabs, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createUser, updateUser } from '../api/generated/ats';
import { useMeta } from '../api/meta';
import type { User } from '../api/types';
import { FormModal } from '../form/FormModal';
import { Late } from '../form/Late';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { LimitsTab } from '../limits/LimitsTab';
import { RemoteTab } from './RemoteTab';
import { RightsTab } from './RightsTab';

interface Props {
  clientId: number;
  user: User | null;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  login: string;
  /** Empty: unchanged. */
  password: string;
  name: string;
  email: string;
  language: string;
  time_zone: string;
  billing_account: string;
  rights: string[];
  is_active: boolean;
}

/** «Пользователи → Создать» with the tabs Общие and Права (S41-S49). */
export function UserWindow({ clientId, user, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const meta = useMeta();
  const [tab, setTab] = useState<string | null>('general');
  const preset = meta.roles.find((role) => role.code === 'client_user')?.rights ?? [];
  const form = useForm<Values>({
    initialValues: {
      login: user?.login ?? '',
      password: '',
      name: user?.name ?? '',
      email: user?.email ?? '',
      language: user?.language ?? 'ru',
      time_zone: user?.time_zone ?? 'Europe/Moscow',
      billing_account: user?.billing_account ?? '',
      rights: user?.rights ?? preset,
      is_active: user?.is_active ?? true,
    },
  });
  const sending = useSending<Values, User>(
    form,
    ({ password, ...rest }) =>
      user
        ? updateUser(clientId, user.id, password ? { ...rest, password } : rest)
        : createUser(clientId, { ...rest, password }),
    onDone,
  );
  const generalRefused = Object.keys(form.errors).some((field) => field !== 'rights');

  return (
    <FormModal
      title={user ? t('users.editTitle', { login: user.login }) : t('users.createTitle')}
      onClose={onClose}
      sending={sending}
      error={sending.error ?? (form.errors.rights as string | undefined) ?? null}
      size="xl"
    >
      <Tabs value={tab} onChange={setTab} keepMountedMode="display-none">
        <Tabs.List mb="md">
          <Tabs.Tab value="general" c={generalRefused ? 'red' : undefined}>
            {t('tab.general')}
          </Tabs.Tab>
          <Tabs.Tab value="rights" c={form.errors.rights ? 'red' : undefined}>
            {t('users.rights')}
          </Tabs.Tab>
          {user && <Tabs.Tab value="remote">{t('remote.tab')}</Tabs.Tab>}
          {user && <Tabs.Tab value="limits">{t('tab.limits')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="general">
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t('users.login')}
              required
              autoComplete="off"
              autoCapitalize="none"
              data-autofocus
              {...form.getInputProps('login')}
            />
            <PasswordInput
              label={t('users.password')}
              description={user ? t('users.passwordKeep') : undefined}
              required={!user}
              autoComplete="new-password"
              visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
              {...form.getInputProps('password')}
            />
            <TextInput label={t('users.fullName')} {...form.getInputProps('name')} />
            <TextInput label={t('field.email')} type="email" {...form.getInputProps('email')} />
            <Select
              label={t('field.language')}
              allowDeselect={false}
              data={meta.languages.map(({ code, name }) => ({ value: code, label: name }))}
              {...form.getInputProps('language')}
            />
            <ZoneSelect label={t('field.zone')} allowDeselect={false} {...form.getInputProps('time_zone')} />
            <TextInput
              label={t('field.billing')}
              description={t('field.billingHint')}
              {...form.getInputProps('billing_account')}
            />
          </SimpleGrid>
          <Checkbox mt="md" label={t('users.active')} {...form.getInputProps('is_active', { type: 'checkbox' })} />
        </Tabs.Panel>
        <Tabs.Panel value="rights">
          <RightsTab value={form.values.rights} onChange={(rights) => form.setFieldValue('rights', rights)} />
        </Tabs.Panel>
        {user && (
          <Tabs.Panel value="remote">
            <Late shown={tab === 'remote'}>
              <RemoteTab clientId={clientId} userId={user.id} />
            </Late>
          </Tabs.Panel>
        )}
        {user && (
          <Tabs.Panel value="limits">
            <Late shown={tab === 'limits'}>
              <LimitsTab clientId={clientId} scope="user" objectId={user.id} />
            </Late>
          </Tabs.Panel>
        )}
      </Tabs>
    </FormModal>
  );
}
