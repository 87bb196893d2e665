import { Checkbox, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useMe } from '../session/session';
import { OwnerSelect } from '../users/OwnerSelect';
import { ThingSelect } from '../resource/ThingSelect';
import { PROTOCOLS, withProtocol, type PortValues } from './values';

interface Props {
  clientId: number;
  form: UseFormReturnType<PortValues>;
  isNew: boolean;
}

/** «Общие»: what the port is and which number it belongs to (S60, S67-S70). */
export function GeneralTab({ clientId, form, isNew }: Props) {
  const { t } = useTranslation();
  const { client } = useMe();
  const trunk = form.values.connection === 'trunk';
  const h323 = form.values.kind === 'h323';
  // Such a line is told by its address alone, so the server takes one of the operator's own client only.
  const offered = h323 || (client.is_operator && client.id === clientId) ? PROTOCOLS : PROTOCOLS.filter(({ value }) => value !== 'h323');

  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <Select
        label={t('ports.kind')}
        description={isNew ? t('ports.kindHint') : undefined}
        data={offered}
        allowDeselect={false}
        disabled={!isNew}
        {...form.getInputProps('kind')}
        onChange={(kind: string | null) => kind !== null && form.setValues(withProtocol(form.values, kind))}
      />
      <Select
        label={t('ports.connection')}
        description={isNew ? (h323 ? t('ports.h323Trunk') : undefined) : t('ports.connectionFixed')}
        data={[
          { value: 'subscriber', label: t('ports.subscriber') },
          { value: 'trunk', label: t('ports.trunk') },
        ]}
        allowDeselect={false}
        disabled={!isNew || h323}
        {...form.getInputProps('connection')}
      />
      <TextInput
        label={t('field.name')}
        placeholder={t('ports.namePlaceholder')}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      {!h323 && (
        <ThingSelect
          clientId={clientId}
          kind="numbers"
          label={t('ports.number')}
          description={t(trunk ? 'ports.numberTrunkHint' : 'ports.numberHint')}
          clearable
          value={form.values.number_id}
          onChange={(id) => form.setFieldValue('number_id', id)}
          error={form.errors.number_id}
        />
      )}
      {!trunk && (
        <ThingSelect
          clientId={clientId}
          kind="external"
          label="CLIP"
          description={t('ports.clipHint')}
          placeholder={t('ports.clipDefault')}
          clearable
          value={form.values.clip_id}
          onChange={(id) => form.setFieldValue('clip_id', id)}
          error={form.errors.clip_id}
        />
      )}
      <OwnerSelect
        clientId={clientId}
        value={form.values.owner_id}
        onChange={(owner) => form.setFieldValue('owner_id', owner)}
        error={form.errors.owner_id}
      />
      {!h323 && (
        <ThingSelect
          clientId={clientId}
          kind="pickup_groups"
          label={t('ports.pickup')}
          description={t('ports.pickupHint')}
          placeholder={t('ports.noPickup')}
          clearable
          value={form.values.pickup_group_id}
          onChange={(id) => form.setFieldValue('pickup_group_id', id)}
          error={form.errors.pickup_group_id}
        />
      )}
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <Checkbox
        mt="xs"
        label={t('ports.active')}
        description={t('ports.activeHint')}
        {...form.getInputProps('is_active', { type: 'checkbox' })}
      />
    </SimpleGrid>
  );
}
