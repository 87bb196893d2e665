import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createRoute, updateRoute } from '../api/generated/ats';
import type { Route } from '../api/types';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { useThings } from '../resource/things';
import { ThingsSelect } from '../resource/ThingsSelect';
import { useMe } from '../session/session';

interface Props {
  route: Route | null;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  prefix: string;
  description: string;
  /** Of trunks, in the order they are tried. */
  trunk_ids: number[];
}

/** A route of the operator: prefix of the E.164 number → trunks in order. */
export function RouteWindow({ route, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const trunks = useThings(me.client.id, 'trunks');
  const form = useForm<Values>({
    initialValues: {
      prefix: route?.prefix ?? '',
      description: route?.description ?? '',
      trunk_ids: route?.trunk_ids ?? [],
    },
  });
  const sending = useSending<Values, Route>(
    form,
    (draft) => (route ? updateRoute(route.id, draft) : createRoute(draft)),
    onDone,
  );
  return (
    <FormModal
      title={route ? t('routes.editTitle') : t('routes.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <TextInput
        label={t('routes.prefix')}
        description={t('routes.prefixHint')}
        placeholder="7495"
        inputMode="numeric"
        data-autofocus
        {...form.getInputProps('prefix')}
      />
      <ThingsSelect
        clientId={me.client.id}
        kind="trunks"
        targets={trunks}
        label={t('routes.trunks')}
        description={t('routes.trunksHint')}
        required
        value={form.values.trunk_ids}
        onChange={(ids) => form.setFieldValue('trunk_ids', ids)}
        error={form.errors.trunk_ids}
      />
      {trunks?.trunks.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('routes.noTrunks')}
        </Text>
      )}
      <TextInput label={t('field.description')} {...form.getInputProps('description')} />
    </FormModal>
  );
}
