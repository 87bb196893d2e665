import { Alert, Checkbox, Fieldset, NumberInput, PasswordInput, Select, SimpleGrid, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { getSystemSettings, updateSystemSettings } from '../api/generated/ats';
import type {
  BackupsShape,
  BansShape,
  DefaultsShape,
  KeepingShape,
  MailShape,
  SystemSettings,
  TalksShape,
  VoicemailShape,
} from '../api/generated/model';
import { useMeta } from '../api/meta';
import { SavedForm, useSaved } from '../form/SavedForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { Loaded } from '../resource/Loaded';

type Topic = 'mail' | 'defaults' | 'recordings' | 'voicemail' | 'backups' | 'bans' | 'talks';
const KEY = ['system-settings'];

interface TopicProps<V extends Record<string, unknown>> {
  topic: Topic;
  values: V;
  children: (form: ReturnType<typeof useForm<V>>) => ReactNode;
}

/** One topic: its own form, saved by itself; what was saved or undone elsewhere makes it anew. */
function TopicForm<V extends Record<string, unknown>>(props: TopicProps<V>) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t(`settingsOf.${props.topic}.title`)}>
      <TopicFields key={JSON.stringify(props.values)} {...props} />
    </Fieldset>
  );
}

function TopicFields<V extends Record<string, unknown>>({ topic, values, children }: TopicProps<V>) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm<V>({ initialValues: values });
  const sending = useSaved<V, SystemSettings>(form, KEY, async (changed) => {
    const saved = await updateSystemSettings({ [topic]: changed });
    void cache.invalidateQueries({ queryKey: ['new-things'] });
    return saved;
  });
  return (
    <SavedForm
      sending={sending}
      label={t(`settingsOf.${topic}.title`)}
      quiet={!form.isDirty()}
      head={
        <Text size="sm" c="dimmed">
          {t(`settingsOf.${topic}.hint`)}
        </Text>
      }
    >
      {children(form)}
    </SavedForm>
  );
}

/** «Система → Настройки»: the settings of the whole exchange by topic (S23, S248). */
export function SettingsTab() {
  const query = useQuery({ queryKey: KEY, queryFn: () => getSystemSettings() });
  return (
    <Loaded query={query} height={400}>
      {(saved) => <Topics saved={saved} />}
    </Loaded>
  );
}

function Topics({ saved }: { saved: SystemSettings }) {
  const { t } = useTranslation();
  const { languages } = useMeta();
  return (
    <Stack maw={860}>
      <TopicForm<Required<MailShape> & Record<string, unknown>> topic="mail" values={{ ...(saved.mail as Required<MailShape>) }}>
        {(form) => (
          <>
            {saved.letters_waiting > 0 && (
              <Alert color="yellow">{t('settingsOf.mail.waiting', { count: saved.letters_waiting })}</Alert>
            )}
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('settingsOf.mail.host')} description={t('settingsOf.mail.hostHint')} {...form.getInputProps('host')} />
              <TextInput label={t('settingsOf.mail.sender')} description={t('settingsOf.mail.senderHint')} {...form.getInputProps('sender')} />
              <NumberInput label={t('settingsOf.mail.port')} min={1} max={65535} {...form.getInputProps('port')} />
              <Select
                label={t('settingsOf.mail.tls')}
                allowDeselect={false}
                data={[
                  { value: '', label: t('settingsOf.mail.tlsNone') },
                  { value: 'starttls', label: 'STARTTLS' },
                  { value: 'tls', label: 'TLS' },
                ]}
                {...form.getInputProps('tls')}
              />
              <TextInput label={t('settingsOf.mail.user')} autoComplete="off" {...form.getInputProps('user')} />
              <PasswordInput
                label={t('users.password')}
                autoComplete="new-password"
                placeholder={saved.has_mail_password ? t('users.passwordKeep') : ''}
                {...form.getInputProps('password')}
              />
            </SimpleGrid>
          </>
        )}
      </TopicForm>
      <TopicForm<Required<DefaultsShape> & Record<string, unknown>> topic="defaults" values={{ ...(saved.defaults as Required<DefaultsShape>) }}>
        {(form) => (
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <ZoneSelect label={t('field.zone')} {...form.getInputProps('time_zone')} />
            <Select
              label={t('field.language')}
              allowDeselect={false}
              data={languages.map(({ code, name }) => ({ value: code, label: name }))}
              {...form.getInputProps('language')}
            />
            <TextInput label={t('clients.areaCode')} {...form.getInputProps('area_code')} />
          </SimpleGrid>
        )}
      </TopicForm>
      <TopicForm<Required<KeepingShape> & Record<string, unknown>> topic="recordings" values={{ ...(saved.recordings as Required<KeepingShape>) }}>
        {(form) => (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput label={t('settingsOf.recordings.days')} min={0} max={3650} {...form.getInputProps('keep_days')} />
            <NumberInput label={t('settingsOf.recordings.quota')} min={0} {...form.getInputProps('quota_mb')} />
          </SimpleGrid>
        )}
      </TopicForm>
      <TopicForm<Required<VoicemailShape> & Record<string, unknown>> topic="voicemail" values={{ ...(saved.voicemail as Required<VoicemailShape>) }}>
        {(form) => <NumberInput w={260} label={t('settingsOf.voicemail.max')} min={5} max={1800} {...form.getInputProps('max_s')} />}
      </TopicForm>
      <TopicForm<Required<TalksShape> & Record<string, unknown>> topic="talks" values={{ ...(saved.talks as Required<TalksShape>) }}>
        {(form) => (
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <NumberInput label={t('settingsOf.talks.warn')} min={0} max={300} {...form.getInputProps('warn_s')} />
            <NumberInput label={t('settingsOf.talks.silence')} min={0} max={86_400} {...form.getInputProps('silence_s')} />
            <NumberInput label={t('settingsOf.talks.held')} min={0} max={86_400} {...form.getInputProps('held_s')} />
          </SimpleGrid>
        )}
      </TopicForm>
      <TopicForm<Required<BackupsShape> & Record<string, unknown>> topic="backups" values={{ ...(saved.backups as Required<BackupsShape>) }}>
        {(form) => (
          <>
            <Checkbox label={t('settingsOf.backups.daily')} {...form.getInputProps('daily', { type: 'checkbox' })} />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput label={t('settingsOf.backups.hour')} min={0} max={23} {...form.getInputProps('hour')} />
              <NumberInput label={t('settingsOf.backups.keep')} min={1} max={365} {...form.getInputProps('keep')} />
            </SimpleGrid>
            <Checkbox label={t('backups.recordings')} {...form.getInputProps('recordings', { type: 'checkbox' })} />
          </>
        )}
      </TopicForm>
      <TopicForm<Required<BansShape> & Record<string, unknown>> topic="bans" values={{ ...(saved.bans as Required<BansShape>) }}>
        {(form) => (
          <>
            <Checkbox label={t('settingsOf.bans.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <NumberInput label={t('settingsOf.bans.sip')} min={5} {...form.getInputProps('sip_failures')} />
              <NumberInput label={t('settingsOf.bans.web')} min={10} {...form.getInputProps('web_failures')} />
              <NumberInput label={t('settingsOf.bans.minutes')} min={1} {...form.getInputProps('minutes')} />
            </SimpleGrid>
            <TagsInput
              label={t('settingsOf.bans.never')}
              description={t('settingsOf.bans.neverHint')}
              splitChars={[',', ' ', ';']}
              {...form.getInputProps('never')}
            />
          </>
        )}
      </TopicForm>
    </Stack>
  );
}
