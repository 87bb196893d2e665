import { Tabs, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createPort, suggestLogin, updatePort } from '../api/generated/ats';
import type { Port } from '../api/types';
import { ExtrasFields } from '../extras/ExtrasFields';
import { FormModal } from '../form/FormModal';
import { Late } from '../form/Late';
import { useSending } from '../form/useApiForm';
import { LimitsTab } from '../limits/LimitsTab';
import { NewLimits } from '../limits/NewLimits';
import { useMaking } from '../limits/useMaking';
import { GeneralTab } from './GeneralTab';
import { draftOf, fieldsOf, valuesOf, type PortValues } from './values';
import { VoipTab } from './VoipTab';

interface Props {
  clientId: number;
  port: Port | null;
  onClose: () => void;
  onDone: (port: Port, isNew: boolean) => void;
}

/** «Порты VoIP → Создать»: tabs Общие, VoIP, IP сети, ДВО (S59-S79). */
export function PortWindow({ clientId, port, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>('general');
  const form = useForm<PortValues>({ initialValues: valuesOf(port) });
  const isNew = port === null;
  const { setFieldValue, resetDirty } = form;

  useEffect(() => {
    if (!isNew) return;
    let open = true;
    void suggestLogin(clientId).then(
      ({ login }) => {
        if (!open) return;
        setFieldValue('login', (typed: string) => typed || login);
        resetDirty({ ...valuesOf(null), login }); // nobody has typed it: closing the window must not ask about it
      },
      () => undefined, // without a suggestion the server makes a login itself
    );
    return () => {
      open = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per opened window
  }, [clientId, isNew]);

  const make = useMaking<Port>(clientId, 'port');
  const sending = useSending<PortValues, Port>(
    form,
    (values) => {
      const change = (id: number) => updatePort(clientId, id, changeOf(values));
      return port ? change(port.id) : make(values.limits, () => createPort(clientId, draftOf(values)), change);
    },
    (saved) => onDone(saved, isNew),
  );
  const { values } = form;
  const refused = (name: string) => fieldsOf(name, values).some((field) => form.errors[field] !== undefined);

  return (
    <FormModal
      title={port ? t('ports.editTitle', { name: port.name }) : t('ports.createTitle')}
      onClose={onClose}
      sending={sending}
      error={sending.error ?? firstElsewhere(form.errors, fieldsOf(tab ?? '', values))}
      size="xl"
    >
      <Tabs value={tab} onChange={setTab} keepMountedMode="display-none">
        <Tabs.List mb="md">
          <Tabs.Tab value="general" c={refused('general') ? 'red' : undefined}>
            {t('tab.general')}
          </Tabs.Tab>
          <Tabs.Tab value="voip" c={refused('voip') ? 'red' : undefined}>
            VoIP
          </Tabs.Tab>
          <Tabs.Tab value="networks" c={refused('networks') ? 'red' : undefined}>
            {t('ports.networks')}
          </Tabs.Tab>
          {values.kind !== 'h323' && (
            <Tabs.Tab value="extras" c={refused('extras') ? 'red' : undefined}>
              {t('tab.extras')}
            </Tabs.Tab>
          )}
          <Tabs.Tab value="limits" c={form.errors.limits ? 'red' : undefined}>
            {t('tab.limits')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="general">
          <GeneralTab clientId={clientId} form={form} isNew={isNew} />
        </Tabs.Panel>
        <Tabs.Panel value="voip">
          <VoipTab clientId={clientId} form={form} isNew={isNew} />
        </Tabs.Panel>
        <Tabs.Panel value="networks">
          <TagsInput
            label={t('ports.allowed')}
            description={t(values.kind === 'h323' ? 'ports.allowedH323Hint' : 'ports.allowedHint')}
            placeholder={values.kind === 'h323' ? '203.0.113.7' : '203.0.113.0/24'}
            splitChars={[',', ' ', ';']}
            acceptValueOnBlur
            {...form.getInputProps('networks')}
          />
        </Tabs.Panel>
        <Tabs.Panel value="extras">
          <ExtrasFields value={form.values.extras} onChange={(extras) => form.setFieldValue('extras', extras)} />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          {port ? (
            <Late shown={tab === 'limits'}>
              <LimitsTab clientId={clientId} scope="port" objectId={port.id} />
            </Late>
          ) : (
            <NewLimits
              scope="port"
              value={form.values.limits}
              error={form.errors.limits}
              onChange={(limits) => form.setFieldValue('limits', limits)}
            />
          )}
        </Tabs.Panel>
      </Tabs>
    </FormModal>
  );
}

/** Kind and connection never change after creation, so they are not sent again. */
function changeOf(values: PortValues) {
  const { kind: _kind, connection: _connection, ...rest } = draftOf(values);
  return rest;
}

/** A refusal of a field that is not on the tab before one's eyes must still be seen. */
function firstElsewhere(errors: Record<string, unknown>, shown: string[]): string | null {
  const elsewhere = Object.entries(errors).find(([field]) => !shown.includes(field));
  return typeof elsewhere?.[1] === 'string' ? elsewhere[1] : null;
}
