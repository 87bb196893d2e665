import { Stack, Tabs, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createClassifier, updateClassifier } from '../api/generated/ats';
import type { ClassifierOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { ContactsTab } from './ContactsTab';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
}

interface Props {
  clientId: number;
  classifier: ClassifierOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A classifier: name and description, then its contacts (S167, S168). A new one goes on to its contacts once saved. */
export function ClassifierWindow({ clientId, classifier, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const readOnly = !may(useMe(), 'dialplan_change', clientId);
  const [made, setMade] = useState(classifier);
  const [tab, setTab] = useState<string | null>(classifier ? 'contacts' : 'general');
  const form = useForm<Values>({
    initialValues: { name: classifier?.name ?? '', description: classifier?.description ?? '' },
  });
  const sending = useSending<Values, ClassifierOut>(
    form,
    (values) => (made ? updateClassifier(clientId, made.id, values) : createClassifier(clientId, values)),
    (saved) => {
      if (made) {
        onDone();
        return;
      }
      setMade(saved);
      setTab('contacts');
      void cache.invalidateQueries({ queryKey: ['classifiers', clientId] });
      void cache.invalidateQueries({ queryKey: ['choices', clientId] });
    },
  );
  return (
    <FormModal
      title={made ? t('classifiers.editTitle', { name: made.name }) : t('classifiers.createTitle')}
      onClose={made ? onDone : onClose}
      sending={{
        ...sending,
        // Enter in the search of the contacts is no «Сохранить».
        submit: (event) => (tab === 'contacts' ? event?.preventDefault() : sending.submit(event)),
      }}
      readOnly={readOnly || tab === 'contacts'}
      size="xl"
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="general">{t('tab.general')}</Tabs.Tab>
          <Tabs.Tab value="contacts" disabled={made === null}>
            {t('classifiers.contacts')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="general">
          <Stack>
            <TextInput
              label={t('field.name')}
              placeholder={t('classifiers.placeholder')}
              required
              data-autofocus
              disabled={readOnly}
              {...form.getInputProps('name')}
            />
            <Textarea
              label={t('field.description')}
              autosize
              minRows={2}
              disabled={readOnly}
              {...form.getInputProps('description')}
            />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="contacts">
          {made && <ContactsTab clientId={clientId} classifierId={made.id} readOnly={readOnly} />}
        </Tabs.Panel>
      </Tabs>
    </FormModal>
  );
}
