import { Button, Group, Modal, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { DialplanTargets } from '../api/types';
import { ActionTab } from './ActionTab';
import { calendarFault, DaysTab, tidy } from './DaysTab';
import { LayersTab } from './LayersTab';
import type { Draft } from './model';
import classes from './StepWindow.module.css';

interface Props {
  draft: Draft;
  drafts: Draft[];
  titles: Map<string, string>;
  targets: DialplanTargets | undefined;
  numberId: number;
  readOnly: boolean;
  onKeep: (draft: Draft) => void;
  onRemove: () => void;
  onReorder: (by: -1 | 1) => void;
}

/** The window of a step (S88-S95). «Закрыть» keeps what was set; «Сохранить» of the page sends it (S107). */
export function StepWindow({ draft: initial, drafts, titles, targets, numberId, readOnly, ...acts }: Props) {
  const { onKeep, onRemove, onReorder } = acts;
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 36em)');
  const [draft, setDraft] = useState(initial);
  const [tab, setTab] = useState<string | null>('action');
  const [complain, setComplain] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const untouched = initial.action === null && JSON.stringify(draft) === JSON.stringify(initial);

  const close = () => {
    if (readOnly) {
      onKeep(initial);
    } else if (untouched) {
      onRemove(); // opened by a stray click: nothing is left behind
    } else if (draft.action === null) {
      setComplain(true);
      setTab('action');
    } else if (calendarFault(draft.calendar) !== null) {
      setComplain(true);
      setTab('days');
    } else {
      onKeep({ ...draft, calendar: tidy(draft.calendar) });
    }
  };

  return (
    <Modal
      opened
      onClose={close}
      title={t('dialplan.stepTitle', { level: draft.level })}
      size="lg"
      fullScreen={phone}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="action">{t('dialplan.action')}</Tabs.Tab>
          <Tabs.Tab value="layers">{t('dialplan.layers')}</Tabs.Tab>
          <Tabs.Tab value="days">{t('dialplan.daysTab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="action">
          <fieldset disabled={readOnly} className={classes.fields}>
            <ActionTab
              draft={draft}
              targets={targets}
              numberId={numberId}
              error={complain && draft.action === null ? t('dialplan.needAction') : null}
              onChange={change}
            />
          </fieldset>
        </Tabs.Panel>
        <Tabs.Panel value="layers">
          <fieldset disabled={readOnly} className={classes.fields}>
            <LayersTab draft={draft} drafts={drafts} titles={titles} onChange={change} onReorder={onReorder} />
          </fieldset>
        </Tabs.Panel>
        <Tabs.Panel value="days">
          <fieldset disabled={readOnly} className={classes.fields}>
            <DaysTab
              calendar={draft.calendar}
              showErrors={complain || draft.calendar !== initial.calendar}
              onChange={(calendar) => change({ calendar })}
            />
          </fieldset>
        </Tabs.Panel>
      </Tabs>
      <Group justify="space-between" mt="lg">
        {readOnly ? (
          <span />
        ) : (
          <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />} onClick={onRemove}>
            {t('dialplan.removeStep')}
          </Button>
        )}
        <Button onClick={close}>{t('action.close')}</Button>
      </Group>
    </Modal>
  );
}
