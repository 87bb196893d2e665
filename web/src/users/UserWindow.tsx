import { Checkbox, PasswordInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createUser, updateUser } from '../api/generated/ats';
import { useMeta } from '../api/meta';
import type { User } from '../api/types';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { limitsOf } from '../limits/limitsOf';
import { useMaking } from '../limits/useMaking';
import { NO_LIMITS, type Limits } from '../limits/values';
import { may } from '../session/rights';
import { useMe } from '../session/session';
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
  /** Of a new user only. */
  limits: Limits;
}

const GENERAL = ['login', 'password', 'name', 'email', 'language', 'time_zone', 'billing_account', 'is_active'];

/** «Пользователи → Создать» with the tabs Общие and Права (S41-S49). */
export function UserWindow({ clientId, user, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const meta = useMeta();
  const me = useMe();
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
      limits: NO_LIMITS,
    },
  });
  const make = useMaking<User>(clientId, 'user');
  const sending = useSending<Values, User>(
    form,
    ({ password, limits, ...rest }) => {
      const change = (id: number) => updateUser(clientId, id, password ? { ...rest, password } : rest);
      return user ? change(user.id) : make(limits, () => createUser(clientId, { ...rest, password }), change);
    },
    onDone,
  );
  const general = (
    <>
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
    </>
  );

  return (
    <FormModal
      title={user ? t('users.editTitle', { login: user.login }) : t('users.createTitle')}
      onClose={onClose}
      sending={sending}
      error={sending.error ?? (form.errors.rights as string | undefined) ?? null}
      size="xl"
    >
      <FormTabs
        errors={form.errors}
        tabs={[
          { key: 'general', label: t('tab.general'), fields: GENERAL, panel: general },
          {
            key: 'rights',
            label: t('users.rights'),
            fields: ['rights'],
            panel: <RightsTab value={form.values.rights} onChange={(rights) => form.setFieldValue('rights', rights)} />,
          },
          ...(user
            ? [
                {
                  key: 'remote',
                  label: t('remote.tab'),
                  own: true,
                  panel: <RemoteTab clientId={clientId} userId={user.id} />,
                },
              ]
            : []),
          ...(user || may(me, 'users_change', clientId)
            ? [
                limitsOf({
                  label: t('tab.limits'),
                  clientId,
                  scope: 'user',
                  objectId: user?.id ?? null,
                  value: form.values.limits,
                  error: form.errors.limits,
                  onChange: (limits) => form.setFieldValue('limits', limits),
                }),
              ]
            : []),
        ]}
      />
    </FormModal>
  );
}
