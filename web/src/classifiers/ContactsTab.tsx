import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconEdit, IconFileImport, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteContact, getListContactsUrl, listContacts } from '../api/generated/ats';
import type { ContactOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { shownNumber } from '../format/number';
import { EntityTable, type Column } from '../table/EntityTable';
import { ContactWindow } from './ContactWindow';
import { ImportWindow } from './ImportWindow';

interface Props {
  clientId: number;
  classifierId: number;
  readOnly: boolean;
}

/** «Контакты» of a classifier (S168-S170), one by one or from a CSV file. */
export function ContactsTab({ clientId, classifierId, readOnly }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<ContactOut | 'new' | null>(null);
  const [doomed, setDoomed] = useState<ContactOut | null>(null);
  const [importing, setImporting] = useState(false);
  const key = ['classifiers', clientId, classifierId, 'contacts'];
  const refresh = () => void cache.invalidateQueries({ queryKey: ['classifiers', clientId] });
  const columns: Column<ContactOut>[] = [
    { key: 'name', title: t('classifiers.contactName'), sort: 'name', render: (row) => row.name },
    { key: 'clip', title: 'CLIP', sort: 'clip', render: (row) => <span className="digits">{shownNumber(row.clip)}</span> },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];
  return (
    <>
      <EntityTable
        id="contacts"
        label={t('classifiers.contacts')}
        queryKey={key}
        load={(query) => listContacts(clientId, classifierId, query)}
        exportUrl={(query) => getListContactsUrl(clientId, classifierId, query)}
        columns={columns}
        defaultSort="name"
        empty={t('classifiers.noContacts')}
        {...(readOnly ? {} : { onOpen: setEdited })}
        toolbar={
          !readOnly && (
            <Group gap="xs">
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
                {t('action.create')}
              </Button>
              <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={() => setImporting(true)}>
                {t('classifiers.import')}
              </Button>
            </Group>
          )
        }
        {...(readOnly
          ? {}
          : {
              actions: (row: ContactOut) => (
                <>
                  <Tooltip label={t('action.edit')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('aria.edit', { name: row.name || shownNumber(row.clip) })}
                      onClick={() => setEdited(row)}
                    >
                      <IconEdit size={18} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label={t('action.delete')}>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={t('aria.delete', { name: row.name || shownNumber(row.clip) })}
                      onClick={() => setDoomed(row)}
                    >
                      <IconTrash size={18} />
                    </ActionIcon>
                  </Tooltip>
                </>
              ),
            })}
      />
      {edited !== null && (
        <ContactWindow
          clientId={clientId}
          classifierId={classifierId}
          contact={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {importing && (
        <ImportWindow
          clientId={clientId}
          classifierId={classifierId}
          onClose={() => setImporting(false)}
          onDone={() => {
            setImporting(false);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.name || shownNumber(doomed.clip)}
          remove={() => deleteContact(clientId, classifierId, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
