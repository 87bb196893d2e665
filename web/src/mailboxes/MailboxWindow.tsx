import { Checkbox, NumberInput, PasswordInput, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createMailbox, updateMailbox } from '../api/generated/ats';
import type { MailboxOut, NewThings } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { LanguageSelect } from '../form/LanguageSelect';
import { useSending } from '../form/useApiForm';
import { ThingSelect } from '../resource/ThingSelect';
import { may } from '../session/rights';
import { useMe } from '../session/session';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  box: string;
  /** '' leaves the PIN as it is. */
  pin: string;
  no_pin: boolean;
  email: string;
  language: string;
  greeting_id: number | null;
  keep_after_email: boolean;
  max_s: number;
}

interface Props {
  clientId: number;
  mailbox: MailboxOut | null;
  /** What a new one begins with. */
  usual: NewThings;
  onClose: () => void;
  onDone: () => void;
}

/** A voicemail box: what callers hear, who may listen, and where its messages are sent (S164, S165). */
export function MailboxWindow({ clientId, mailbox, usual, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const readOnly = !may(useMe(), 'dialplan_change', clientId);
  const form = useForm<Values>({
    initialValues: {
      name: mailbox?.name ?? '',
      description: mailbox?.description ?? '',
      box: mailbox?.box ?? '',
      pin: '',
      no_pin: false,
      email: mailbox?.email ?? '',
      language: mailbox?.language ?? '',
      greeting_id: mailbox?.greeting_id ?? null,
      keep_after_email: mailbox?.keep_after_email ?? true,
      max_s: mailbox?.max_s ?? usual.mailbox_max_s,
    },
  });
  const sending = useSending<Values, MailboxOut>(
    form,
    ({ pin, no_pin, ...rest }) => {
      const body = {
        ...rest,
        ...(pin || no_pin ? { pin: no_pin ? '' : pin } : {}),
      };
      return mailbox ? updateMailbox(clientId, mailbox.id, body) : createMailbox(clientId, body);
    },
    onDone,
  );
  return (
    <FormModal
      title={mailbox ? t('mailboxes.editTitle', { name: mailbox.name }) : t('mailboxes.createTitle')}
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
            fields: ['name', 'description', 'box', 'pin', 'language', 'greeting_id', 'max_s'],
            panel: (
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
                <TextInput
                  label={t('mailboxes.box')}
                  description={t('mailboxes.boxHint')}
                  inputMode="numeric"
                  required
                  {...form.getInputProps('box')}
                />
                <ThingSelect
                  clientId={clientId}
                  kind="sounds"
                  label={t('mailboxes.greeting')}
                  description={t('mailboxes.greetingHint')}
                  placeholder={t('mailboxes.standard')}
                  value={form.values.greeting_id}
                  onChange={(id) => form.setFieldValue('greeting_id', id)}
                  error={form.errors.greeting_id}
                  clearable
                />
                <LanguageSelect {...form.getInputProps('language')} />
                <PasswordInput
                  label={t('mailboxes.pin')}
                  description={t(mailbox?.has_pin ? 'mailboxes.pinKeep' : 'mailboxes.pinHint')}
                  autoComplete="new-password"
                  disabled={form.values.no_pin}
                  {...form.getInputProps('pin')}
                />
                <NumberInput
                  label={t('mailboxes.longest')}
                  suffix={t('dialplan.secondsSuffix')}
                  min={5}
                  max={3600}
                  allowDecimal={false}
                  {...form.getInputProps('max_s')}
                />
                {mailbox?.has_pin && (
                  <Checkbox
                    label={t('mailboxes.noPin')}
                    description={t('mailboxes.noPinHint')}
                    {...form.getInputProps('no_pin', { type: 'checkbox' })}
                  />
                )}
                <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
              </SimpleGrid>
            ),
          },
          {
            key: 'mail',
            label: t('mailboxes.mailTab'),
            fields: ['email', 'keep_after_email'],
            panel: (
              <SimpleGrid cols={1}>
                <TextInput
                  type="email"
                  label={t('field.email')}
                  description={t('mailboxes.emailHint')}
                  {...form.getInputProps('email')}
                />
                <Checkbox
                  label={t('mailboxes.keep')}
                  description={t('mailboxes.keepHint')}
                  {...form.getInputProps('keep_after_email', { type: 'checkbox' })}
                />
              </SimpleGrid>
            ),
          },
        ]}
      />
    </FormModal>
  );
}
