import { useTranslation } from 'react-i18next';

import { importContacts } from '../api/generated/ats';
import { CsvWindow } from '../form/CsvWindow';

interface Props {
  clientId: number;
  classifierId: number;
  onClose: () => void;
  onDone: () => void;
}

/** Contacts from a CSV file; wrong lines are left out. */
export function ImportWindow({ clientId, classifierId, onClose, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <CsvWindow
      title={t('classifiers.importTitle')}
      hint={t('classifiers.importHint')}
      example={t('classifiers.importExample')}
      despiteFaults
      attempt={async (file) => {
        const plan = await importContacts(clientId, classifierId, { file, dry_run: true });
        const { added, changed, same, bad, faults } = plan;
        return { summary: t('classifiers.importPlan', { added, changed, same, bad }), faults };
      }}
      load={(file) => importContacts(clientId, classifierId, { file, dry_run: false })}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
