import { Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { searchClient } from '../api/generated/ats';
import type { FoundOut } from '../api/generated/model';
import { useMe } from '../session/session';
import { menuFor } from './menu';

/** Where a hit leads: to its own screen, or to its section with its name searched for. */
function placeOf(hit: FoundOut, clientId: number): string {
  const listed = (section: string) => `/c/${clientId}/${section}?search=${encodeURIComponent(hit.title)}`;
  switch (hit.kind) {
    case 'client':
      return `/c/${hit.id}/overview`;
    case 'number':
      return `/c/${clientId}/numbers/${hit.id}/dialplan`;
    case 'port':
      return listed('ports');
    case 'user':
      return listed('users');
    case 'queue':
      return listed('queues');
    case 'menu':
      return listed('menus');
    case 'forwarding':
      return listed('forwardings');
    case 'classifier':
      return listed('classifiers');
    case 'mailbox':
      return listed('mailboxes');
  }
}

/** ⌘K / Ctrl+K: the sections, and everything of the client that holds what was typed. */
export function SearchWindow({ clientId }: { clientId: number }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed.trim(), 200);
  const { data } = useQuery({
    queryKey: ['search', clientId, settled],
    queryFn: () => searchClient(clientId, { q: settled }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  });

  const text = typed.trim().toLocaleLowerCase();
  const sections = menuFor(me, clientId).filter((item) => t(item.label).toLocaleLowerCase().includes(text));
  const hits = settled === '' || text === '' ? [] : (data?.items ?? []);
  const kinds = [...new Set(hits.map((hit) => hit.kind))];

  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut="mod + K"
      tagsToIgnore={[]}
      scrollable
      maxHeight={460}
    >
      <Spotlight.Search
        placeholder={t('search.placeholder')}
        aria-label={t('search.title')}
        maxLength={100}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {kinds.map((kind) => (
          <Spotlight.ActionsGroup key={kind} label={t(`found.${kind}`)}>
            {hits
              .filter((hit) => hit.kind === kind)
              .map((hit) => (
                <Spotlight.Action
                  key={hit.id}
                  label={hit.title}
                  description={hit.note}
                  onClick={() => void navigate(placeOf(hit, clientId))}
                />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {sections.length > 0 && (
          <Spotlight.ActionsGroup label={t('menu.label')}>
            {sections.map(({ label, to, icon: Glyph }) => (
              <Spotlight.Action
                key={to}
                label={t(label)}
                leftSection={<Glyph size={18} stroke={1.6} />}
                onClick={() => void navigate(to)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {kinds.length === 0 && sections.length === 0 && <Spotlight.Empty>{t('table.nothingFound')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
