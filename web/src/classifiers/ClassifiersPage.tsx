import { useTranslation } from 'react-i18next';

import { deleteClassifier, listClassifiers } from '../api/generated/ats';
import type { ClassifierOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { ClassifierWindow } from './ClassifierWindow';

/** «Классификаторы» (S21, S167-S175): lists of callers for black and white lists and campaigns. */
export function ClassifiersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const columns: Column<ClassifierOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
    {
      key: 'contacts',
      title: t('classifiers.contacts'),
      sort: 'contacts_count',
      align: 'right',
      render: (row) => <span className="digits">{row.contacts_count}</span>,
    },
  ];
  return (
    <ResourcePage
      id="classifiers"
      title={t('menu.classifiers')}
      hint={t('classifiers.hint')}
      empty={t('classifiers.empty')}
      queryKey={['classifiers', clientId]}
      load={(query) => listClassifiers(clientId, query)}
      columns={columns}
      defaultSort="name"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteClassifier(clientId, row.id)}
      removeHint={t('classifiers.removeHint')}
      window={(row, acts) => <ClassifierWindow clientId={clientId} classifier={row} {...acts} />}
    />
  );
}
