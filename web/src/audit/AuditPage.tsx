import { Badge, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp, IconInfoCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getListAuditUrl, listAudit, undoChange } from '../api/generated/ats';
import type { FieldChange, ListAuditParams } from '../api/generated/model';
import type { AuditEntry } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { shownNumber } from '../format/number';
import { startOfDay } from '../format/time';
import { useTimes } from '../format/useTimes';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';

const VERBS = ['create', 'update', 'delete', 'save', 'restore', 'allot', 'release', 'reveal', 'login', 'hangup', 'transfer', 'restart'];
const OBJECTS = [
  'client', 'user', 'number', 'port', 'queue', 'voicemenu', 'forwarding', 'mailbox', 'conference', 'classifier',
  'contact', 'pickupgroup', 'holiday', 'sound', 'package', 'limit', 'webhook', 'apitoken', 'route',
]; // prettier-ignore
const VERB_COLORS: Record<string, string> = { create: 'teal', update: 'line', delete: 'red' };

/** «имя: было → стало». */
function Change({ change }: { change: FieldChange }) {
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
      {change.label}: {change.before !== null && <s>{change.before}</s>}
      {change.before !== null && change.after !== null && ' → '}
      {change.after !== null && <b>{change.after}</b>}
    </Text>
  );
}

/** «Журнал изменений»: who changed what in this client, and the way back. */
export function AuditPage() {
  const { t, i18n } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const cache = useQueryClient();
  const me = useMe();
  const atHome = me.client.is_operator && me.client.id === clientId; // everybody there is the operator's
  const [actor, setActor] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [undoing, setUndoing] = useState<AuditEntry | null>(null);
  const [settledActor] = useDebouncedValue(actor.trim(), 250);
  const named = (prefix: string, code: string) => (i18n.exists(`${prefix}.${code}`) ? t(`${prefix}.${code}`) : code);

  const nameOf = (row: AuditEntry) =>
    row.object_type === 'setting'
      ? named('settingsOf', `${row.object_name}.title`)
      : row.object_type === 'number'
        ? shownNumber(row.object_name)
        : row.object_name;

  const filters: ListAuditParams = {};
  if (settledActor) filters.actor = settledActor;
  if (from) filters.from = startOfDay(from, times.zone);
  if (to) filters.to = startOfDay(to, times.zone, 1); // the last day is included

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
      render: (row) => (
        <Group gap={6} wrap="nowrap">
          <Text size="sm">{row.actor_login || t('audit.system')}</Text>
          {row.by_operator && !atHome && (
            <Badge size="xs" variant="light" color="grape" tt="none">
              {t('audit.operator')}
            </Badge>
          )}
        </Group>
      ),
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
        <Stack gap={4} align="flex-start">
          <Badge variant="light" tt="none" color={VERB_COLORS[row.verb] ?? 'gray'}>
            {named('verb', row.verb)}
          </Badge>
          {row.undoes !== null && (
            <Badge size="xs" variant="outline" tt="none" color="gray">
              {t('audit.isUndo')}
            </Badge>
          )}
          {row.undone_by !== null && (
            <Badge size="xs" variant="outline" tt="none" color="gray">
              {t('audit.undone')}
            </Badge>
          )}
        </Stack>
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
          <Text size="sm" style={row.object_type === 'number' ? { whiteSpace: 'nowrap' } : undefined}>
            {nameOf(row)}
          </Text>
        </>
      ),
    },
    {
      key: 'changes',
      title: t('audit.changes'),
      render: (row) => (
        <Stack gap={2} maw={560}>
          {row.changes.map((change) => (
            <Change key={change.field} change={change} />
          ))}
        </Stack>
      ),
    },
  ];

  return (
    <>
      <PageTitle title={t('menu.audit')} hint={t('audit.hint')} />
      <EntityTable
        id="audit"
        label={t('menu.audit')}
        queryKey={['audit', clientId, filters]}
        load={(query) => listAudit(clientId, { ...query, ...filters })}
        exportUrl={(query) => getListAuditUrl(clientId, { ...query, ...filters })}
        columns={columns}
        menu={(row) =>
          row.undo === 'possible'
            ? [{ label: t('audit.undo'), icon: <IconArrowBackUp size={16} />, onClick: () => setUndoing(row) }]
            : row.why_not
              ? [{ label: t('audit.whyNot'), icon: <IconInfoCircle size={16} />, onClick: () => notifications.show({ color: 'yellow', message: row.why_not }) }]
              : []
        }
        filters={
          <Group gap="sm" align="flex-end">
            <TextInput size="xs" w={170} label={t('audit.who')} value={actor} onChange={(event) => setActor(event.currentTarget.value)} />
            <TextInput size="xs" w={150} type="date" label={t('calls.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput size="xs" w={150} type="date" label={t('calls.to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
          </Group>
        }
        defaultSort="-at"
        empty={t('audit.empty')}
      />
      {undoing && (
        <ConfirmDelete
          name={`${named('object', undoing.object_type)} ${nameOf(undoing)}`}
          hint={t('audit.undoHint')}
          actionLabel={t('audit.undoAction')}
          remove={() => undoChange(clientId, undoing.id)}
          onDone={() => {
            setUndoing(null);
            // What was deleted comes back without its secrets.
            const rest = undoing.verb === 'delete' ? `audit.without.${undoing.object_type}` : '';
            const more = rest && i18n.exists(rest) ? `. ${t(rest)}` : '';
            notifications.show({ color: 'teal', message: t('audit.undoneNow') + more, autoClose: more ? 15_000 : 4000 });
            void cache.invalidateQueries();
          }}
          onClose={() => setUndoing(null)}
        />
      )}
    </>
  );
}
