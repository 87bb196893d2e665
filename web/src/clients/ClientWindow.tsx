import { Checkbox, Select, SimpleGrid, Stack, Tabs, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createClient, updateClient } from '../api/generated/ats';
import type { ClientIn, NewThings } from '../api/generated/model';
import { useMeta } from '../api/meta';
import type { Client } from '../api/types';
import { FormModal } from '../form/FormModal';
import { Late } from '../form/Late';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { LimitsTab } from '../limits/LimitsTab';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { RatingSelect } from './RatingSelect';

interface Props {
  client: Client | null;
  /** What a new one begins with. */
  usual: NewThings;
  onClose: () => void;
  onDone: (client: Client) => void;
}

/** «Клиенты → Создать» (S33) and the change of a client's card. */
export function ClientWindow({ client, usual, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const meta = useMeta();
  const me = useMe();
  const [tab, setTab] = useState<string | null>('general');
  const form = useForm<Required<ClientIn> & Record<string, unknown>>({
    initialValues: {
      name: client?.name ?? '',
      description: client?.description ?? '',
      billing_account: client?.billing_account ?? '',
      time_zone: client?.time_zone ?? usual.time_zone,
      language: client?.language ?? usual.language,
      area_code: client?.area_code ?? usual.area_code,
      is_active: client?.is_active ?? true,
    },
  });
  const sending = useSending(
    form,
    (values) => (client ? updateClient(client.id, values) : createClient(values)),
    onDone,
  );
  return (
    <FormModal
      title={client ? t('clients.editTitle', { name: client.name }) : t('clients.createTitle')}
      onClose={onClose}
      sending={sending}
      size="xl"
    >
      <Tabs value={tab} onChange={setTab} keepMountedMode="display-none">
        {client && (
          <Tabs.List mb="md">
            <Tabs.Tab value="general">{t('tab.general')}</Tabs.Tab>
            <Tabs.Tab value="limits">{t('tab.limits')}</Tabs.Tab>
          </Tabs.List>
        )}
        <Tabs.Panel value="general">
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
        </Tabs.Panel>
        {client && (
          <Tabs.Panel value="limits">
            <Late shown={tab === 'limits'}>
              <LimitsTab clientId={client.id} scope="client" objectId={client.id} />
            </Late>
          </Tabs.Panel>
        )}
      </Tabs>
    </FormModal>
  );
}
