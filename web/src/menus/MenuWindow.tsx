import { Checkbox, NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createMenu, updateMenu } from '../api/generated/ats';
import type { MenuOut } from '../api/generated/model';
import { DEFAULT_EXTRAS, type Extras } from '../extras/extras';
import { ExtrasFields } from '../extras/ExtrasFields';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { LanguageSelect } from '../form/LanguageSelect';
import { useSending } from '../form/useApiForm';
import { limitsOf } from '../limits/limitsOf';
import { useMaking } from '../limits/useMaking';
import { NO_LIMITS, type Limits } from '../limits/values';
import { ThingSelect } from '../resource/ThingSelect';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { KeysTab, type MenuKeys } from './KeysTab';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  language: string;
  wait_s: number;
  attempts: number;
  extension_dial: boolean;
  announcement_id: number | null;
  extras: Extras;
  keys: MenuKeys;
  /** Of a new menu only. */
  limits: Limits;
}

interface Props {
  clientId: number;
  menu: MenuOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A voice menu: tabs Общие, ДВО, Меню, Ограничения (S149-S156). */
export function MenuWindow({ clientId, menu, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const readOnly = !may(me, 'dialplan_change', clientId);
  const form = useForm<Values>({
    initialValues: {
      name: menu?.name ?? '',
      description: menu?.description ?? '',
      language: menu?.language ?? '',
      wait_s: menu?.wait_s ?? 5,
      attempts: menu?.attempts ?? 3,
      extension_dial: menu?.extension_dial ?? false,
      announcement_id: menu?.announcement_id ?? null,
      extras: { ...DEFAULT_EXTRAS, ...menu?.extras },
      keys: Object.fromEntries((menu?.keys ?? []).map(({ key, number_id }) => [key, number_id])),
      limits: NO_LIMITS,
    },
  });
  const make = useMaking<MenuOut>(clientId, 'menu');
  const sending = useSending<Values, MenuOut>(
    form,
    ({ keys, extras, limits, ...rest }) => {
      const body = {
        ...rest,
        extras: { ...extras },
        keys: Object.entries(keys).map(([key, number_id]) => ({ key, number_id })),
      };
      const change = (id: number) => updateMenu(clientId, id, body);
      return menu ? change(menu.id) : make(limits, () => createMenu(clientId, body), change);
    },
    onDone,
  );
  const general = (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <LanguageSelect {...form.getInputProps('language')} />
      <ThingSelect
        clientId={clientId}
        kind="sounds"
        label={t('menus.announcement')}
        description={t('menus.announcementHint')}
        placeholder={t('menus.noAnnouncement')}
        value={form.values.announcement_id}
        onChange={(id) => form.setFieldValue('announcement_id', id)}
        error={form.errors.announcement_id}
        clearable
      />
      <NumberInput
        label={t('menus.wait')}
        description={t('menus.waitHint')}
        suffix={t('dialplan.secondsSuffix')}
        min={1}
        max={60}
        allowDecimal={false}
        {...form.getInputProps('wait_s')}
      />
      {may(me, 'advanced', clientId) && (
        <NumberInput
          label={t('menus.attempts')}
          description={t('menus.attemptsHint')}
          min={1}
          max={10}
          allowDecimal={false}
          {...form.getInputProps('attempts')}
        />
      )}
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <Checkbox
        label={t('menus.extension')}
        description={t('menus.extensionHint')}
        {...form.getInputProps('extension_dial', { type: 'checkbox' })}
      />
    </SimpleGrid>
  );
  return (
    <FormModal
      title={menu ? t('menus.editTitle', { name: menu.name }) : t('menus.createTitle')}
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
            fields: ['name', 'description', 'language', 'announcement_id', 'wait_s', 'attempts', 'extension_dial'],
            panel: general,
          },
          {
            key: 'extras',
            label: t('tab.extras'),
            fields: ['extras'],
            panel: (
              <Stack>
                <ExtrasFields
                  value={form.values.extras}
                  onChange={(extras) => form.setFieldValue('extras', extras)}
                  disabled={readOnly}
                  only={['ring_only', 'replace_ringing']}
                />
              </Stack>
            ),
          },
          {
            key: 'keys',
            label: t('menus.keysTab'),
            fields: ['keys'],
            panel: (
              <KeysTab
                clientId={clientId}
                keys={form.values.keys}
                error={form.errors.keys}
                onChange={(keys) => form.setFieldValue('keys', keys)}
              />
            ),
          },
          limitsOf({
            label: t('tab.limits'),
            clientId,
            scope: 'menu',
            objectId: menu?.id ?? null,
            value: form.values.limits,
            error: form.errors.limits,
            onChange: (limits) => form.setFieldValue('limits', limits),
          }),
        ]}
      />
    </FormModal>
  );
}
