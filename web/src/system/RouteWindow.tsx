import { MultiSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { createRoute, listPorts, updateRoute } from '../api/generated/ats';
import type { Route } from '../api/types';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { useMe } from '../session/session';

interface Props {
  route: Route | null;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  prefix: string;
  description: string;
  /** Ids of trunks in the order they are tried; drop-downs speak in text. */
  trunk_ids: string[];
}

/** A route of the operator: prefix of the E.164 number → trunks in order. */
export function RouteWindow({ route, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: ports } = useQuery({
    queryKey: ['trunk-choices', me.client.id],
    queryFn: () => listPorts(me.client.id, { page_size: 500 }),
  });
  const trunks = (ports?.items ?? []).filter((port) => port.connection === 'trunk');
  const form = useForm<Values>({
    initialValues: {
      prefix: route?.prefix ?? '',
      description: route?.description ?? '',
      trunk_ids: route?.trunk_ids.map(String) ?? [],
    },
  });
  const sending = useSending<Values, Route>(
    form,
    ({ trunk_ids, ...rest }) => {
      const draft = { ...rest, trunk_ids: trunk_ids.map(Number) };
      return route ? updateRoute(route.id, draft) : createRoute(draft);
    },
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
      <MultiSelect
        label={t('routes.trunks')}
        description={t('routes.trunksHint')}
        data={trunks.map((port) => ({ value: String(port.id), label: port.name }))}
        required
        searchable
        {...form.getInputProps('trunk_ids')}
      />
      {ports && trunks.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('routes.noTrunks')}
        </Text>
      )}
      <TextInput label={t('field.description')} {...form.getInputProps('description')} />
    </FormModal>
  );
}
