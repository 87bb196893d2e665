import { Checkbox, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { may } from '../session/rights';
import { useMe } from '../session/session';
import type { PortValues } from './values';
import { VoipPassword } from './VoipPassword';

interface Props {
  clientId: number;
  form: UseFormReturnType<PortValues>;
  isNew: boolean;
}

/** «VoIP»: account, NAT and media flags, and for a trunk the registration with its operator (S61-S76). */
export function VoipTab({ clientId, form, isNew }: Props) {
  const { t } = useTranslation();
  const trunk = form.values.connection === 'trunk';
  const sip = form.values.kind === 'sip';
  const h323 = form.values.kind === 'h323';
  const advanced = may(useMe(), 'advanced', clientId);
  const password = (
    <VoipPassword
      clientId={clientId}
      value={form.values.password}
      onChange={(value) => form.setFieldValue('password', value)}
      error={form.errors.password}
      {...(trunk ? { description: t('ports.remotePasswordHint') } : {})}
      {...(isNew ? {} : { description: t('ports.passwordKeep') })}
    />
  );
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {trunk ? (
          <>
            <TextInput
              label={t('ports.remoteHost')}
              placeholder={h323 ? '203.0.113.7' : 'sip.example.ru'}
              required
              {...form.getInputProps('remote_host')}
            />
            <NumberInput
              label={t('ports.remotePort')}
              min={1}
              max={65535}
              allowDecimal={false}
              {...form.getInputProps('remote_port')}
            />
            {!h323 && (
              <>
                <TextInput
                  label={t('ports.remoteLogin')}
                  autoComplete="off"
                  {...form.getInputProps('remote_login')}
                />
                {password}
              </>
            )}
            {sip && (
              <TextInput
                label={t('ports.remoteDomain')}
                description={t('ports.remoteDomainHint')}
                {...form.getInputProps('remote_domain')}
              />
            )}
            {advanced && (
              <Select
                label={t('ports.numberFormat')}
                allowDeselect={false}
                data={[
                  { value: 'e164', label: '74951234567' },
                  { value: 'plus', label: '+74951234567' },
                  { value: 'national', label: '84951234567' },
                ]}
                {...form.getInputProps('number_format')}
              />
            )}
          </>
        ) : (
          <>
            <TextInput
              label={t('ports.login')}
              description={t('ports.loginHint')}
              inputMode="numeric"
              autoComplete="off"
              {...form.getInputProps('login')}
            />
            {password}
          </>
        )}
        {sip && (
          <Select
            label="DTMF"
            allowDeselect={false}
            data={[
              { value: 'rfc4733', label: 'RFC 4733' },
              { value: 'info', label: 'SIP INFO' },
              { value: 'inband', label: t('ports.dtmfInband') },
              { value: 'auto', label: t('ports.dtmfAuto') },
            ]}
            {...form.getInputProps('dtmf')}
          />
        )}
        {sip && !trunk && advanced && (
          <NumberInput
            label={t('ports.maxContacts')}
            description={t('ports.maxContactsHint')}
            min={1}
            max={10}
            allowDecimal={false}
            {...form.getInputProps('max_contacts')}
          />
        )}
      </SimpleGrid>
      {h323 && <Text size="sm">{t('ports.h323Hint')}</Text>}
      {trunk && !h323 && (
        <Checkbox
          label={t('ports.register')}
          description={t('ports.registerHint')}
          {...form.getInputProps('register', { type: 'checkbox' })}
        />
      )}
      {sip && !trunk && (
        <Checkbox
          label={t('ports.webrtc')}
          description={t('ports.webrtcHint')}
          {...form.getInputProps('webrtc', { type: 'checkbox' })}
        />
      )}
      {!h323 && <Checkbox
        label={t('ports.nat')}
        description={t(sip ? 'ports.natHint' : 'ports.natIaxHint')}
        checked={form.values.nat}
        onChange={(event) => {
          const nat = event.currentTarget.checked;
          form.setFieldValue('nat', nat);
          // Behind NAT two devices cannot send voice to each other (S65): the manual sets both flags together.
          if (nat) form.setFieldValue('media_through_server', true);
        }}
      />}
      {sip && (
        <Checkbox
          label={t('ports.media')}
          description={t('ports.mediaHint')}
          {...form.getInputProps('media_through_server', { type: 'checkbox' })}
        />
      )}
    </Stack>
  );
}
