import { Button, Group, Modal, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCopyPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Choices } from '../api/types';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { ActionTab } from './ActionTab';
import { calendarFault, DaysTab, tidy } from './DaysTab';
import { isWhole } from './kinds';
import { LayersTab } from './LayersTab';
import type { Draft } from './model';
import { StepExtrasTab } from './StepExtrasTab';
import { StepLimitsTab } from './StepLimitsTab';
import classes from './StepWindow.module.css';

interface Props {
  clientId: number;
  draft: Draft;
  drafts: Draft[];
  titles: Map<string, string>;
  targets: Choices | undefined;
  numberId: number;
  /** What the API refused about this step. */
  refused: string | undefined;
  readOnly: boolean;
  onKeep: (draft: Draft) => void;
  onRemove: () => void;
  onDuplicate: (draft: Draft) => void;
  onReorder: (by: -1 | 1) => void;
}

/** The window of a step (S88-S95). «Закрыть» keeps what was set; «Сохранить» of the page sends it (S107). */
export function StepWindow({ clientId, draft: initial, drafts, titles, targets, numberId, readOnly, ...rest }: Props) {
  const { refused, onKeep, onRemove, onDuplicate, onReorder } = rest;
  const { t } = useTranslation();
  const advanced = may(useMe(), 'advanced', clientId);
  const phone = useMediaQuery('(max-width: 36em)');
  const [draft, setDraft] = useState(initial);
  const [tab, setTab] = useState<string | null>('action');
  const [complain, setComplain] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const untouched = initial.action === null && JSON.stringify(draft) === JSON.stringify(initial);

  /** What is on the screen as a step; null after showing what is still missing. */
  const finished = (): Draft | null => {
    if (!isWhole(draft.action)) {
      setComplain(true);
      setTab('action');
      return null;
    }
    if (calendarFault(draft.calendar) !== null) {
      setComplain(true);
      setTab('days');
      return null;
    }
    return { ...draft, calendar: tidy(draft.calendar) };
  };

  const close = () => {
    if (readOnly) {
      onKeep(initial);
    } else if (untouched) {
      onRemove(); // opened by a stray click: nothing is left behind
    } else {
      const whole = finished();
      if (whole) onKeep(whole);
    }
  };

  const duplicate = () => {
    const whole = finished();
    if (whole) onDuplicate(whole);
  };

  const needed =
    draft.action === null
      ? t('dialplan.needAction')
      : t(draft.action.kind === 'ring' ? 'dialplan.needRing' : 'dialplan.needThing');

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
          {advanced && <Tabs.Tab value="extras">{t('tab.extras')}</Tabs.Tab>}
          {advanced && <Tabs.Tab value="limits">{t('tab.limits')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="action">
          <fieldset disabled={readOnly} className={classes.fields}>
            <ActionTab
              clientId={clientId}
              draft={draft}
              targets={targets}
              numberId={numberId}
              error={complain && !isWhole(draft.action) ? needed : (refused ?? null)}
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
              clientId={clientId}
              calendar={draft.calendar}
              showErrors={complain || draft.calendar !== initial.calendar}
              onChange={(calendar) => change({ calendar })}
            />
          </fieldset>
        </Tabs.Panel>
        <Tabs.Panel value="extras">
          <StepExtrasTab draft={draft} readOnly={readOnly} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          <fieldset disabled={readOnly} className={classes.fields}>
            <StepLimitsTab draft={draft} readOnly={readOnly} onChange={change} />
          </fieldset>
        </Tabs.Panel>
      </Tabs>
      <Group justify="space-between" mt="lg">
        {readOnly ? (
          <span />
        ) : (
          <Group gap="xs">
            <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />} onClick={onRemove}>
              {t('dialplan.removeStep')}
            </Button>
            {initial.action !== null && (
              <Button variant="subtle" leftSection={<IconCopyPlus size={16} />} onClick={duplicate}>
                {t('dialplan.duplicate')}
              </Button>
            )}
          </Group>
        )}
        <Button onClick={close}>{t('action.close')}</Button>
      </Group>
    </Modal>
  );
}
