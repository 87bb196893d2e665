import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { bulkNumbers, deleteNumber, getListExternalNumbersUrl, listExternalNumbers } from '../api/generated/ats';
import type { BulkIn } from '../api/generated/model';
import type { NumberItem } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable } from '../table/EntityTable';
import { AddExternalWindow } from './AddExternalWindow';
import { numberColumns } from './columns';
import { NumberActions, numberMenu } from './NumberActions';
import { NumberWindow } from './NumberWindow';

/** «Ресурс нумерации → Внешние номера» (S51, S52): allotted by the operator from its pool. */
export function ExternalPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<NumberItem | null>(null);
  const [doomed, setDoomed] = useState<NumberItem | null>(null);
  const key = ['numbers', clientId, 'external'];
  const mayAllot = may(me, 'external_allot', clientId);
  const refresh = () => void cache.invalidateQueries({ queryKey: key });

  return (
    <>
      <PageTitle title={t('menu.external')} hint={t('numbers.externalHint')} />
      <EntityTable
        id="external-numbers"
        label={t('menu.external')}
        queryKey={key}
        load={(query) => listExternalNumbers(clientId, query)}
        exportUrl={(query) => getListExternalNumbersUrl(clientId, query)}
        menu={(row) =>
          numberMenu(t, {
            clientId,
            number: row,
            mayChange: may(me, 'numbers_change', clientId),
            mayRemove: mayAllot,
            removeLabel: t('numbers.release'),
            onCard: () => setEdited(row),
            onRemove: () => setDoomed(row),
          })
        }
        {...(mayAllot
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
        empty={t(may(me, 'whole_view', clientId) ? 'numbers.emptyExternal' : 'numbers.noneOfYours')}
        onOpen={(row) => void navigate(`/c/${clientId}/numbers/${row.id}/dialplan`)}
        toolbar={
          mayAllot && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('action.add')}
            </Button>
          )
        }
        actions={(row) => (
          <NumberActions
            clientId={clientId}
            number={row}
            mayChange={may(me, 'numbers_change', clientId)}
            mayRemove={mayAllot}
            removeLabel={t('numbers.release')}
            onCard={() => setEdited(row)}
            onRemove={() => setDoomed(row)}
          />
        )}
      />
      {adding && (
        <AddExternalWindow
          clientId={clientId}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {edited && (
        <NumberWindow
          clientId={clientId}
          number={edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.display}
          actionLabel={t('numbers.release')}
          hint={t('numbers.releaseHint')}
          remove={() => deleteNumber(clientId, doomed.id)}
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
