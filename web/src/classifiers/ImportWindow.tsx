import { Alert, Code, FileInput, List, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { importContacts } from '../api/generated/ats';
import type { ContactsImportOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { FormModal } from '../form/FormModal';

/** As many faults as help; a file of the wrong kind has thousands. */
const FAULTS_SHOWN = 20;

interface Props {
  clientId: number;
  classifierId: number;
  onClose: () => void;
  onDone: () => void;
}

/** Contacts from a CSV file: first what it would do, then it is done. */
export function ImportWindow({ clientId, classifierId, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [plan, setPlan] = useState<ContactsImportOut | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const run = async (dry: boolean) => {
    if (!file) {
      setError(t('sounds.chooseFile'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const outcome = await importContacts(clientId, classifierId, { file, dry_run: dry });
      if (dry) setPlan(outcome);
      else onDone();
    } catch (failure) {
      setError(errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormModal
      title={t('classifiers.importTitle')}
      onClose={onClose}
      onSubmit={(event?: SubmitEvent<HTMLFormElement>) => {
        event?.preventDefault();
        void run(plan === null);
      }}
      busy={busy}
      error={error}
      submitLabel={plan ? t('classifiers.importNow') : t('classifiers.importTry')}
      size="md"
    >
      <FileInput
        label={t('sounds.file')}
        placeholder={t('sounds.choose')}
        description={t('classifiers.importHint')}
        accept=".csv,text/csv,text/plain"
        leftSection={<IconFileText size={16} />}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setPlan(null);
        }}
        required
        clearable
      />
      <Code block>{t('classifiers.importExample')}</Code>
      {plan && (
        <Alert color={plan.bad > 0 ? 'yellow' : 'teal'} role="status">
          <Text size="sm">
            {t('classifiers.importPlan', { added: plan.added, changed: plan.changed, same: plan.same, bad: plan.bad })}
          </Text>
          {plan.faults.length > 0 && (
            <List size="sm" mt={4}>
              {plan.faults.slice(0, FAULTS_SHOWN).map(({ line, message }) => (
                <List.Item key={line}>{t('classifiers.importFault', { line, message })}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
    </FormModal>
  );
}
