import { NumberInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createPickupGroup, updatePickupGroup } from '../api/generated/ats';
import type { PickupGroupOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Values extends Record<string, unknown> {
  group: number | string;
  name: string;
}

interface Props {
  clientId: number;
  group: PickupGroupOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** «Группа» and «Описание» of a pickup group (S177, S178); its members name it themselves (S179). */
export function PickupWindow({ clientId, group, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { group: group?.group ?? '', name: group?.name ?? '' } });
  const sending = useSending<Values, PickupGroupOut>(
    form,
    ({ group: number, name }) => {
      const body = { group: Number(number), name };
      return group ? updatePickupGroup(clientId, group.id, body) : createPickupGroup(clientId, body);
    },
    onDone,
  );
  return (
    <FormModal
      title={group ? t('pickup.editTitle', { name: group.name }) : t('pickup.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <NumberInput
        label={t('pickup.group')}
        description={t('pickup.groupHint')}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        required
        data-autofocus
        {...form.getInputProps('group')}
      />
      <TextInput
        label={t('field.description')}
        placeholder={t('pickup.placeholder')}
        required
        {...form.getInputProps('name')}
      />
      <Text size="sm" c="dimmed">
        {t('pickup.membersHint')}
      </Text>
    </FormModal>
  );
}
