import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { bulkNumbers, deleteNumber, getListInternalNumbersUrl, listInternalNumbers } from '../api/generated/ats';
import type { BulkIn } from '../api/generated/model';
import type { NumberItem } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable } from '../table/EntityTable';
import { numberColumns } from './columns';
import { NumberActions, numberMenu } from './NumberActions';
import { NumberWindow } from './NumberWindow';

/** «Ресурс нумерации → Внутренние номера» (S53). */
export function InternalPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<NumberItem | 'new' | null>(null);
  const [doomed, setDoomed] = useState<NumberItem | null>(null);
  const key = ['numbers', clientId, 'internal'];
  const mayChange = may(me, 'numbers_change', clientId);
  const dialplan = (id: number) => `/c/${clientId}/numbers/${id}/dialplan`;

  return (
    <>
      <PageTitle title={t('menu.internal')} hint={t('numbers.internalHint')} />
      <EntityTable
        id="internal-numbers"
        label={t('menu.internal')}
        queryKey={key}
        load={(query) => listInternalNumbers(clientId, query)}
        exportUrl={(query) => getListInternalNumbersUrl(clientId, query)}
        menu={(row) =>
          numberMenu(t, {
            clientId,
            number: row,
            mayChange: mayChange,
            mayRemove: mayChange,
            removeLabel: t('action.delete'),
            onCard: () => setEdited(row),
            onRemove: () => setDoomed(row),
          })
        }
        {...(mayChange
          ? {
              bulk: {
                actions: ['delete'] as const,
                nameOf: (row: NumberItem) => row.display,
                run: (body: BulkIn) => bulkNumbers(clientId, body),
                onDone: () => void cache.invalidateQueries({ queryKey: key }),
              },
            }
          : {})}
        columns={numberColumns(t)}
        defaultSort="digits"
        empty={t(may(me, 'whole_view', clientId) ? 'numbers.emptyInternal' : 'numbers.noneOfYours')}
        onOpen={(row) => void navigate(dialplan(row.id))}
        toolbar={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        actions={(row) => (
          <NumberActions
            clientId={clientId}
            number={row}
            mayChange={mayChange}
            mayRemove={mayChange}
            removeLabel={t('action.delete')}
            onCard={() => setEdited(row)}
            onRemove={() => setDoomed(row)}
          />
        )}
      />
      {edited !== null && (
        <NumberWindow
          clientId={clientId}
          number={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            void cache.invalidateQueries({ queryKey: key });
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.display}
          hint={t('numbers.deleteHint')}
          remove={() => deleteNumber(clientId, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            void cache.invalidateQueries({ queryKey: key });
          }}
        />
      )}
    </>
  );
}
