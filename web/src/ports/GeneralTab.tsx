import { Checkbox, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { numberChoices } from '../numbers/choices';
import { OwnerSelect } from '../users/OwnerSelect';
import { usePickupGroups } from '../pickup/usePickupGroups';
import { PROTOCOLS, withProtocol, type PortValues } from './values';

interface Props {
  clientId: number;
  form: UseFormReturnType<PortValues>;
  isNew: boolean;
}

/** «Общие»: what the port is and which number it belongs to (S60, S67-S70). */
export function GeneralTab({ clientId, form, isNew }: Props) {
  const { t } = useTranslation();
  const internal = useQuery({
    queryKey: ['number-choices', clientId, 'internal'],
    queryFn: () => numberChoices(clientId, 'internal'),
  });
  const external = useQuery({
    queryKey: ['number-choices', clientId, 'external'],
    queryFn: () => numberChoices(clientId, 'external'),
  });
  const groups = usePickupGroups(clientId);
  const choices = (list: typeof internal.data) =>
    (list ?? []).map(({ id, title }) => ({ value: String(id), label: title }));
  const trunk = form.values.connection === 'trunk';

  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <Select
        label={t('ports.kind')}
        description={isNew ? t('ports.kindHint') : undefined}
        data={PROTOCOLS}
        allowDeselect={false}
        disabled={!isNew}
        {...form.getInputProps('kind')}
        onChange={(kind: string | null) => kind !== null && form.setValues(withProtocol(form.values, kind))}
      />
      <Select
        label={t('ports.connection')}
        description={isNew ? undefined : t('ports.connectionFixed')}
        data={[
          { value: 'subscriber', label: t('ports.subscriber') },
          { value: 'trunk', label: t('ports.trunk') },
        ]}
        allowDeselect={false}
        disabled={!isNew}
        {...form.getInputProps('connection')}
      />
      <TextInput
        label={t('field.name')}
        placeholder={t('ports.namePlaceholder')}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label={t('ports.number')}
        description={t(trunk ? 'ports.numberTrunkHint' : 'ports.numberHint')}
        data={choices(internal.data)}
        searchable
        clearable
        value={form.values.number_id || null}
        onChange={(value: string | null) => form.setFieldValue('number_id', value ?? '')}
        error={form.errors.number_id}
      />
      {!trunk && (
        <Select
          label="CLIP"
          description={t('ports.clipHint')}
          placeholder={t('ports.clipDefault')}
          data={choices(external.data)}
          searchable
          clearable
          value={form.values.clip_id || null}
          onChange={(value: string | null) => form.setFieldValue('clip_id', value ?? '')}
          error={form.errors.clip_id}
        />
      )}
      <OwnerSelect
        clientId={clientId}
        value={form.values.owner_id}
        onChange={(owner) => form.setFieldValue('owner_id', owner)}
        error={form.errors.owner_id}
      />
      <Select
        label={t('ports.pickup')}
        description={t('ports.pickupHint')}
        placeholder={t('ports.noPickup')}
        data={groups}
        searchable
        clearable
        value={form.values.pickup_group_id ? String(form.values.pickup_group_id) : null}
        onChange={(value: string | null) => form.setFieldValue('pickup_group_id', value ? Number(value) : null)}
        error={form.errors.pickup_group_id}
      />
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
