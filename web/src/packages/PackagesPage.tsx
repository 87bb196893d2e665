import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deletePackage, listPackages } from '../api/generated/ats';
import type { PackageOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { FilesDrawer } from './FilesDrawer';
import { PackageWindow } from './PackageWindow';

/** «Медиаресурсы → Медиапакеты» (S187-S191); the default one is marked with an asterisk. */
export function PackagesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const [opened, setOpened] = useState<PackageOut | null>(null);
  const nameOf = (row: PackageOut) => (row.is_default ? `${row.name} *` : row.name);
  const columns: Column<PackageOut>[] = [
    {
      key: 'name',
      title: t('field.name'),
      sort: 'name',
      render: (row) => (row.is_default ? <b title={t('packages.default')}>{nameOf(row)}</b> : row.name),
    },
    {
      key: 'files',
      title: t('packages.files'),
      sort: 'files_count',
      align: 'right',
      render: (row) => <span className="digits">{row.files_count}</span>,
    },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];
  return (
    <>
      <ResourcePage
        id="packages"
        title={t('menu.packages')}
        hint={t('packages.hint')}
        empty={t('packages.empty')}
        queryKey={['packages', clientId]}
        load={(query) => listPackages(clientId, query)}
        columns={columns}
        defaultSort="name"
        mayChange={may(me, 'sounds_change', clientId)}
        nameOf={nameOf}
        remove={(row) => deletePackage(clientId, row.id)}
        removeHint={t('packages.removeHint')}
        onOpen={setOpened}
        further={(row) => [
          { label: t('packages.files'), icon: <IconFolderOpen size={16} />, onClick: () => setOpened(row) },
        ]}
        buttons={(row) => (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconFolderOpen size={16} />}
            aria-label={t('packages.filesOf', { name: row.name })}
            onClick={() => setOpened(row)}
          >
            {t('packages.files')}
          </Button>
        )}
        window={(row, acts) => <PackageWindow clientId={clientId} media={row} {...acts} />}
      />
      {opened && <FilesDrawer clientId={clientId} media={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
