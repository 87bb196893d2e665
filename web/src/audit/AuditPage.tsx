import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { getListAuditUrl, listAudit } from '../api/generated/ats';
import type { AuditEntry } from '../api/types';
import { useTimes } from '../format/useTimes';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';

const VERBS = ['create', 'update', 'delete', 'save', 'allot', 'release', 'reveal', 'hangup', 'transfer'];
const OBJECTS = ['client', 'user', 'number', 'port', 'sound', 'apitoken', 'route'];
const VERB_COLORS: Record<string, string> = { create: 'teal', update: 'line', delete: 'red' };

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  if (Array.isArray(value)) return value.map(plain).join(', ') || '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** «имя: было → стало» for every changed field. */
function changes(entry: AuditEntry): string[] {
  const fields = [...new Set([...Object.keys(entry.before), ...Object.keys(entry.after)])];
  return fields.map((field) =>
    field in entry.before
      ? `${field}: ${plain(entry.before[field])} → ${plain(entry.after[field])}`
      : `${field}: ${plain(entry.after[field])}`,
  );
}

/** «Журнал изменений»: who changed what in this client. */
export function AuditPage() {
  const { t, i18n } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const named = (prefix: string, code: string) => (i18n.exists(`${prefix}.${code}`) ? t(`${prefix}.${code}`) : code);

  const columns: Column<AuditEntry>[] = [
    {
      key: 'at',
      title: t('audit.at'),
      sort: 'at',
      render: (row) => (
        <Text size="sm" className="digits" style={{ whiteSpace: 'nowrap' }}>
          {times.dateTime(row.at)}
        </Text>
      ),
    },
    {
      key: 'actor',
      title: t('audit.actor'),
      sort: 'actor_login',
      render: (row) => row.actor_login || t('audit.system'),
    },
    {
      key: 'verb',
      title: t('audit.verb'),
      sort: 'verb',
      filter: {
        param: 'verb',
        options: VERBS.map((verb) => ({ value: verb, label: named('verb', verb) })),
      },
      render: (row) => (
        <Badge variant="light" tt="none" color={VERB_COLORS[row.verb] ?? 'gray'}>
          {named('verb', row.verb)}
        </Badge>
      ),
    },
    {
      key: 'object',
      title: t('audit.object'),
      sort: 'object_type',
      filter: {
        param: 'object_type',
        options: OBJECTS.map((kind) => ({ value: kind, label: named('object', kind) })),
      },
      render: (row) => (
        <>
          <Text size="xs" c="dimmed">
            {named('object', row.object_type)}
          </Text>
          <Text size="sm">{row.object_name}</Text>
        </>
      ),
    },
    {
      key: 'changes',
      title: t('audit.changes'),
      render: (row) => (
        <Text size="xs" maw={520} lineClamp={4} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {changes(row).join('\n')}
        </Text>
      ),
    },
  ];

  return (
    <>
      <PageTitle title={t('menu.audit')} hint={t('audit.hint')} />
      <EntityTable
        id="audit"
        label={t('menu.audit')}
        queryKey={['audit', clientId]}
        load={(query) => listAudit(clientId, query)}
        exportUrl={(query) => getListAuditUrl(clientId, query)}
        columns={columns}
        defaultSort="-at"
        empty={t('audit.empty')}
      />
    </>
  );
}
