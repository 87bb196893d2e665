import { ActionIcon, Button, Group, Select, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconPlus, IconSitemap } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Draft } from './model';

/** From here on a step is looked for by name rather than by eye. */
const MANY_STEPS = 12;

interface Props {
  drafts: Draft[];
  titles: Map<string, string>;
  readOnly: boolean;
  mayUndo: boolean;
  mayRedo: boolean;
  onAdd: () => void;
  onArrange: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onFind: (key: string) => void;
  /** Buttons of the panels beside the picture. */
  children?: ReactNode;
}

/** Everything that can be done to the whole picture. */
export function EditorToolbar({ drafts, titles, readOnly, mayUndo, mayRedo, children, ...acts }: Props) {
  const { onAdd, onArrange, onUndo, onRedo, onFind } = acts;
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      {drafts.length > MANY_STEPS && (
        <Select
          aria-label={t('dialplan.find')}
          placeholder={t('dialplan.find')}
          data={drafts.map((draft) => ({
            value: draft.key,
            label: `${draft.level}. ${titles.get(draft.key) ?? ''}`,
          }))}
          value={null}
          onChange={(key) => key !== null && onFind(key)}
          searchable
          limit={60}
          nothingFoundMessage={t('table.nothingFound')}
          w={200}
        />
      )}
      {!readOnly && (
        <>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onAdd}>
            {t('dialplan.addStep')}
          </Button>
          <ActionIcon.Group>
            <Tooltip label={`${t('dialplan.undo')} · Ctrl+Z`}>
              <ActionIcon variant="default" size={36} aria-label={t('dialplan.undo')} disabled={!mayUndo} onClick={onUndo}>
                <IconArrowBackUp size={18} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={`${t('dialplan.redo')} · Ctrl+Shift+Z`}>
              <ActionIcon variant="default" size={36} aria-label={t('dialplan.redo')} disabled={!mayRedo} onClick={onRedo}>
                <IconArrowForwardUp size={18} />
              </ActionIcon>
            </Tooltip>
          </ActionIcon.Group>
        </>
      )}
      <Button
        variant="default"
        leftSection={<IconSitemap size={16} />}
        onClick={onArrange}
        disabled={drafts.length === 0}
      >
        {t('dialplan.arrange')}
      </Button>
      {children}
    </Group>
  );
}
