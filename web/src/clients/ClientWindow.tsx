import { Checkbox, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createClient, updateClient } from '../api/generated/ats';
import type { ClientIn, NewThings } from '../api/generated/model';
import { useMeta } from '../api/meta';
import type { Client } from '../api/types';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { limitsOf } from '../limits/limitsOf';
import { useMaking } from '../limits/useMaking';
import { NO_LIMITS, type Limits } from '../limits/values';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { RatingSelect } from './RatingSelect';

interface Values extends Required<ClientIn>, Record<string, unknown> {
  /** Of a new client only. */
  limits: Limits;
}

interface Props {
  client: Client | null;
  /** What a new one begins with. */
  usual: NewThings;
  onClose: () => void;
  onDone: (client: Client) => void;
}

const GENERAL = ['name', 'description', 'billing_account', 'time_zone', 'language', 'area_code', 'is_active'];

/** «Клиенты → Создать» (S33) and the change of a client's card. */
export function ClientWindow({ client, usual, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const meta = useMeta();
  const me = useMe();
  const form = useForm<Values>({
    initialValues: {
      name: client?.name ?? '',
      description: client?.description ?? '',
      billing_account: client?.billing_account ?? '',
      time_zone: client?.time_zone ?? usual.time_zone,
      language: client?.language ?? usual.language,
      area_code: client?.area_code ?? usual.area_code,
      is_active: client?.is_active ?? true,
      limits: NO_LIMITS,
    },
  });
  const make = useMaking<Client>(null, 'client');
  const sending = useSending<Values, Client>(
    form,
    ({ limits, ...values }) =>
      client
        ? updateClient(client.id, values)
        : make(limits, () => createClient(values), (id) => updateClient(id, values)),
    onDone,
  );
  const general = (
    <Stack>
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t('field.billing')}
          description={t('field.billingHint')}
          {...form.getInputProps('billing_account')}
        />
        <TextInput
          label={t('clients.areaCode')}
          description={t('clients.areaCodeHint')}
          inputMode="numeric"
          {...form.getInputProps('area_code')}
        />
        <ZoneSelect label={t('field.zone')} {...form.getInputProps('time_zone')} allowDeselect={false} />
        <Select
          label={t('field.language')}
          allowDeselect={false}
          data={meta.languages.map(({ code, name }) => ({ value: code, label: name }))}
          {...form.getInputProps('language')}
        />
      </SimpleGrid>
      {client && ofOperator(me, 'view_clients', 'change_clients') && (
        <RatingSelect clientId={client.id} readOnly={!ofOperator(me, 'change_clients')} />
      )}
      {client && (
        <Checkbox label={t('clients.active')} {...form.getInputProps('is_active', { type: 'checkbox' })} />
      )}
    </Stack>
  );
  return (
    <FormModal
      title={client ? t('clients.editTitle', { name: client.name }) : t('clients.createTitle')}
      onClose={onClose}
      sending={sending}
      size="xl"
    >
      <FormTabs
        errors={form.errors}
        tabs={[
          { key: 'general', label: t('tab.general'), fields: GENERAL, panel: general },
          ...(client || ofOperator(me, 'change_clients')
            ? [
                limitsOf({
                  label: t('tab.limits'),
                  clientId: client?.id ?? 0,
                  scope: 'client',
                  objectId: client?.id ?? null,
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
