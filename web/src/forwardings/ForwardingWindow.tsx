import { SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createForwarding, updateForwarding } from '../api/generated/ats';
import type { ForwardingOut } from '../api/generated/model';
import { DEFAULT_EXTRAS, type Extras } from '../extras/extras';
import { ExtrasFields } from '../extras/ExtrasFields';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { LanguageSelect } from '../form/LanguageSelect';
import { useSending } from '../form/useApiForm';
import { limitsOf } from '../limits/limitsOf';
import { useMaking } from '../limits/useMaking';
import { NO_LIMITS, type Limits } from '../limits/values';
import { may } from '../session/rights';
import { useMe } from '../session/session';

interface Values extends Record<string, unknown> {
  name: string;
  digits: string;
  description: string;
  language: string;
  extras: Extras;
  /** Of a new one only. */
  limits: Limits;
}

interface Props {
  clientId: number;
  forwarding: ForwardingOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A forwarding number: tabs Общие, ДВО and Ограничения in the manual's order of fields (S130-S143). */
export function ForwardingWindow({ clientId, forwarding, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const readOnly = !may(useMe(), 'dialplan_change', clientId);
  const form = useForm<Values>({
    initialValues: {
      name: forwarding?.name ?? '',
      digits: forwarding?.display ?? '',
      description: forwarding?.description ?? '',
      language: forwarding?.language ?? '',
      extras: { ...DEFAULT_EXTRAS, ...forwarding?.extras },
      limits: NO_LIMITS,
    },
  });
  const make = useMaking<ForwardingOut>(clientId, 'forwarding');
  const sending = useSending<Values, ForwardingOut>(
    form,
    ({ limits, ...values }) => {
      const change = (id: number) => updateForwarding(clientId, id, values);
      return forwarding ? change(forwarding.id) : make(limits, () => createForwarding(clientId, values), change);
    },
    onDone,
  );
  return (
    <FormModal
      title={forwarding ? t('forwardings.editTitle', { name: forwarding.name }) : t('forwardings.createTitle')}
      onClose={onClose}
      sending={sending}
      readOnly={readOnly}
    >
      <FormTabs
        errors={form.errors}
        readOnly={readOnly}
        tabs={[
          {
            key: 'general',
            label: t('tab.general'),
            fields: ['name', 'digits', 'description', 'language'],
            panel: (
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <TextInput
                  label={t('forwardings.number')}
                  description={t('forwardings.numberHint')}
                  placeholder="89161234567"
                  inputMode="tel"
                  className="digits"
                  required
                  data-autofocus
                  {...form.getInputProps('digits')}
                />
                <Textarea
                  label={t('field.description')}
                  description={t('forwardings.descriptionHint')}
                  autosize
                  minRows={1}
                  {...form.getInputProps('description')}
                />
                <TextInput label={t('field.name')} required {...form.getInputProps('name')} />
                <LanguageSelect {...form.getInputProps('language')} />
              </SimpleGrid>
            ),
          },
          {
            key: 'extras',
            label: t('tab.extras'),
            fields: ['extras'],
            panel: (
              <ExtrasFields
                value={form.values.extras}
                onChange={(extras) => form.setFieldValue('extras', extras)}
                disabled={readOnly}
              />
            ),
          },
          limitsOf({
            label: t('tab.limits'),
            clientId,
            scope: 'forwarding',
            objectId: forwarding?.id ?? null,
            value: form.values.limits,
            error: form.errors.limits,
            onChange: (limits) => form.setFieldValue('limits', limits),
          }),
        ]}
      />
    </FormModal>
  );
}
