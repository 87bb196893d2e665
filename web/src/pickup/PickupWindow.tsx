import { NumberInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { createPickupGroup, listPickupGroups, updatePickupGroup } from '../api/generated/ats';
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
  const { setFieldValue, resetDirty } = form;
  const isNew = group === null;

  useEffect(() => {
    if (!isNew) return;
    let open = true;
    void listPickupGroups(clientId, { page_size: 1, sort: '-group' }).then(
      ({ items }) => {
        if (!open) return;
        const next = (items[0]?.group ?? 0) + 1;
        setFieldValue('group', (typed: number | string) => (typed === '' ? next : typed));
        resetDirty({ group: next, name: '' }); // nobody has typed it: closing the window must not ask about it
      },
      () => undefined, // then one types a number oneself
    );
    return () => {
      open = false;
    };
  }, [clientId, isNew, setFieldValue, resetDirty]);

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
