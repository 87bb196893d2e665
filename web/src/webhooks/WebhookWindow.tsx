import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createWebhook, updateWebhook } from '../api/generated/ats';
import type { WebhookIn, WebhookOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Props {
  clientId: number;
  webhook: WebhookOut | null;
  onClose: () => void;
  /** `secret` of a new one, null of a changed one. */
  onDone: (secret: string | null) => void;
}

const EVENTS = ['call', 'charge', 'payment'] as const;

/** Where to tell, and of what. */
export function WebhookWindow({ clientId, webhook, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Required<WebhookIn> & Record<string, unknown>>({
    initialValues: {
      name: webhook?.name ?? '',
      url: webhook?.url ?? '',
      events: webhook?.events ?? ['call'],
      is_active: webhook?.is_active ?? true,
    },
  });
  const sending = useSending<Required<WebhookIn> & Record<string, unknown>, string | null>(
    form,
    async (values) => {
      if (!webhook) return (await createWebhook(clientId, values)).secret;
      await updateWebhook(clientId, webhook.id, values);
      return null;
    },
    onDone,
  );
  return (
    <FormModal
      title={webhook ? t('webhooks.editTitle', { name: webhook.name }) : t('webhooks.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <TextInput label={t('field.name')} placeholder="CRM" required data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t('webhooks.url')}
        placeholder="https://crm.example.ru/ats"
        description={t('webhooks.urlHint')}
        type="url"
        required
        {...form.getInputProps('url')}
      />
      <Checkbox.Group label={t('webhooks.events')} required {...form.getInputProps('events')}>
        <Stack gap="xs" mt="xs">
          {EVENTS.map((event) => (
            <Checkbox key={event} value={event} label={t(`webhooks.${event}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox label={t('webhooks.active')} {...form.getInputProps('is_active', { type: 'checkbox' })} />
    </FormModal>
  );
}
