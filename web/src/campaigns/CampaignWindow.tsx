import { ActionIcon, Group, Select, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { createCampaign, setCampaignStatus, updateCampaign } from '../api/generated/ats';
import type { CampaignOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { useSending } from '../form/useApiForm';
import { ThingSelect } from '../resource/ThingSelect';
import { useThings } from '../resource/things';
import { CalledTab } from './CalledTab';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  number_id: number | null;
  classifier_ids: number[];
  status: CampaignOut['status'];
}

interface Props {
  clientId: number;
  campaign: CampaignOut | null;
  onClose: () => void;
  onDone: () => void;
}

const STATUSES = ['blocked', 'active', 'finished'] as const;

/** A campaign: what it is called and which number handles answers (S200), whom it calls (S201), and how that goes. */
export function CampaignWindow({ clientId, campaign, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: {
      name: campaign?.name ?? '',
      description: campaign?.description ?? '',
      number_id: campaign?.number_id ?? null,
      classifier_ids: campaign?.classifiers.map(({ id }) => id) ?? [],
      status: campaign?.status ?? 'blocked',
    },
  });
  const sending = useSending<Values, CampaignOut>(
    form,
    async ({ number_id, status, ...rest }) => {
      const body = { ...rest, number_id: number_id ?? 0 };
      if (!campaign) return createCampaign(clientId, body);
      const changed = await updateCampaign(clientId, campaign.id, body);
      // Asked of what the window has shown: meanwhile the campaign may have finished by itself.
      return status === campaign.status ? changed : setCampaignStatus(clientId, campaign.id, { status });
    },
    onDone,
  );
  const general = (
    <Stack>
      <TextInput
        label={t('field.name')}
        placeholder={t('campaigns.placeholder')}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <ThingSelect
        clientId={clientId}
        kind="numbers"
        label={t('campaigns.number')}
        description={t('campaigns.numberHint')}
        placeholder={t('dialplan.chooseThing')}
        required
        value={form.values.number_id}
        onChange={(id) => form.setFieldValue('number_id', id)}
        error={form.errors.number_id}
      />
      {campaign && (
        <Select
          label={t('campaigns.status')}
          description={t('campaigns.statusHint')}
          data={STATUSES.map((value) => ({
            value,
            label: t(`campaigns.${value}`),
            disabled: value === 'finished', // it becomes so by itself
          }))}
          allowDeselect={false}
          {...form.getInputProps('status')}
        />
      )}
    </Stack>
  );
  return (
    <FormModal
      title={campaign ? t('campaigns.editTitle', { name: campaign.name }) : t('campaigns.createTitle')}
      onClose={onClose}
      sending={sending}
      size="xl"
    >
      <FormTabs
        errors={form.errors}
        tabs={[
          { key: 'general', label: t('tab.general'), fields: ['name', 'description', 'number_id', 'status'], panel: general },
          {
            key: 'classifiers',
            label: t('menu.classifiers'),
            fields: ['classifier_ids'],
            panel: (
              <ClassifiersTab
                clientId={clientId}
                ids={form.values.classifier_ids}
                onChange={(ids) => form.setFieldValue('classifier_ids', ids)}
              />
            ),
          },
          ...(campaign
            ? [
                {
                  key: 'called',
                  label: t('campaigns.calledTab'),
                  own: true,
                  panel: <CalledTab clientId={clientId} campaignId={campaign.id} />,
                },
              ]
            : []),
        ]}
      />
    </FormModal>
  );
}

interface ClassifiersProps {
  clientId: number;
  ids: number[];
  onChange: (ids: number[]) => void;
}

/** «Классификаторы» of a campaign: the contact bases it calls. */
function ClassifiersTab({ clientId, ids, onChange }: ClassifiersProps) {
  const { t } = useTranslation();
  const things = useThings(
    clientId,
    'classifiers',
    ids.map((id) => ({ kind: 'classifiers', id })),
  );
  const title = (id: number) => things?.classifiers.find((one) => one.id === id)?.title ?? '…';
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('campaigns.classifiersHint')}
      </Text>
      {ids.map((id) => (
        <Group key={id} justify="space-between">
          <Text>{title(id)}</Text>
          <Tooltip label={t('action.delete')}>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('aria.delete', { name: title(id) })}
              onClick={() => onChange(ids.filter((one) => one !== id))}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ))}
      <ThingSelect
        clientId={clientId}
        kind="classifiers"
        label={t('campaigns.addClassifier')}
        placeholder={t('campaigns.chooseClassifier')}
        value={null}
        onChange={(id) => {
          if (id !== null && !ids.includes(id)) onChange([...ids, id]);
        }}
      />
    </Stack>
  );
}
