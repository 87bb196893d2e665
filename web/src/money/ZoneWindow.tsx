import { TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createZone, updateZone } from '../api/generated/ats';
import type { ZoneIn, ZoneOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Props {
  zone: ZoneOut | null;
  readOnly: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** A zone: a name for prefixes that cost the same. */
export function ZoneWindow({ zone, readOnly, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Required<ZoneIn> & Record<string, unknown>>({
    initialValues: { name: zone?.name ?? '', prefixes: zone?.prefixes ?? [] },
  });
  const sending = useSending(form, (values) => (zone ? updateZone(zone.id, values) : createZone(values)), onDone);
  return (
    <FormModal
      title={zone ? t('zones.editTitle', { name: zone.name }) : t('zones.createTitle')}
      onClose={onClose}
      sending={sending}
      readOnly={readOnly}
      size="md"
    >
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <TagsInput
        label={t('zones.prefixes')}
        description={t('zones.prefixesHint')}
        splitChars={[',', ' ', ';']}
        {...form.getInputProps('prefixes')}
      />
    </FormModal>
  );
}
