import { Alert, Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowLeft, IconChartArrows, IconDeviceFloppy, IconHistory, IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getOverlay } from '../api/generated/ats';
import type { DialplanOut } from '../api/generated/model';
import { useMeta } from '../api/meta';
import { useUnsaved } from '../form/unsaved';
import { useThings } from '../resource/things';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { PageTitle } from '../shell/PageTitle';
import { Canvas } from './Canvas';
import { copiedStep, copyStep } from './clipboard';
import { ConflictModal } from './ConflictModal';
import classes from './DialplanPage.module.css';
import { EditorToolbar } from './EditorToolbar';
import { arranged, WIDTH } from './graph';
import { leadsTo } from './kinds';
import type { Draft } from './model';
import { ProvisioningBadge } from './ProvisioningBadge';
import { Remarks } from './Remarks';
import { SimulatePanel } from './SimulatePanel';
import { litWay, NO_SIGHTS, traffic, type Sights, type Stretch } from './sights';
import { StepWindow } from './StepWindow';
import { useEditor } from './useEditor';
import { useLint } from './useLint';
import { useSaving } from './useSaving';
import { useUndoKeys } from './useUndoKeys';
import { VersionsDrawer } from './VersionsDrawer';
import { actionTitle, calendarTexts } from './words';

/** Calls in progress are looked at once a second; the picture need not be much slower. */
const COUNT_EVERY_MS = 3_000;

interface Props {
  clientId: number;
  numberId: number;
  /** The dialplan as it was when the page was opened. */
  first: DialplanOut;
}

/** The picture, what can be done to it, and the panels beside it. */
export function Editor({ clientId, numberId, first }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { causes } = useMeta();
  const { state, dispatch, dirty } = useEditor(first);
  useUnsaved(dirty);
  const [fit, setFit] = useState(0);
  const [focus, setFocus] = useState<{ key: string; count: number } | null>(null);
  const [copied, setCopied] = useState(() => copiedStep(clientId));
  const readOnly = !may(me, 'dialplan_change', clientId);
  const targets = useThings(clientId, 'ports', useMemo(() => state.drafts.flatMap(leadsTo), [state.drafts]));
  const saving = useSaving(clientId, numberId, state, dispatch);
  const undo = useCallback(() => dispatch({ type: 'undo' }), [dispatch]);
  const redo = useCallback(() => dispatch({ type: 'redo' }), [dispatch]);
  useUndoKeys(undo, redo);

  const titles = useMemo(
    () => new Map(state.drafts.map((draft) => [draft.key, actionTitle(draft.action, targets, causes, t)])),
    [state.drafts, targets, causes, t],
  );
  const calendars = useMemo(() => calendarTexts(state.drafts, t), [state.drafts, t]);
  const [simulating, setSimulating] = useState(false);
  const [way, setWay] = useState<Stretch[] | null>(null);
  const [counting, setCounting] = useState(false);
  const [versions, setVersions] = useState(false);
  const { data: overlay } = useQuery({
    queryKey: ['dialplan-sights', clientId, numberId],
    queryFn: () => getOverlay(clientId, numberId),
    enabled: counting,
    refetchInterval: COUNT_EVERY_MS,
  });
  const remarks = useLint(clientId, numberId, state.drafts);
  const remarked = JSON.stringify(remarks.map(({ key, message }) => [key, message]));
  const sights = useMemo<Sights>(() => {
    const warnings = new Map<string, string[]>();
    for (const [key, message] of JSON.parse(remarked) as [string | null, string][]) {
      if (key !== null) warnings.set(key, [...(warnings.get(key) ?? []), message]);
    }
    return {
      ...NO_SIGHTS,
      warnings,
      ...(way ? litWay(state.drafts, way) : {}),
      ...(counting && overlay ? traffic(state.drafts, overlay) : {}),
    };
  }, [remarked, way, counting, overlay, state.drafts]);
  const find = (key: string) => setFocus((old) => ({ key, count: (old?.count ?? 0) + 1 }));
  const opened = state.drafts.find((draft) => draft.key === state.open);

  const arrange = () => {
    dispatch({ type: 'move', places: arranged(state.drafts, calendars) });
    setFit((count) => count + 1);
  };

  const copy = (key: string) => {
    const step = state.drafts.find((draft) => draft.key === key);
    if (!step) return;
    copyStep(clientId, step);
    setCopied(step);
    notifications.show({ message: t('dialplan.copied') });
  };

  const beside = (draft: Draft) => ({ x: (draft.x ?? 0) + 30, y: (draft.y ?? 0) + 60 });

  const list = first.number.kind === 'external' ? 'external' : 'internal';
  return (
    <div className={classes.page}>
      <Anchor component={Link} to={`/c/${clientId}/numbers/${list}`} size="sm" mb={4}>
        <Group gap={4} component="span">
          <IconArrowLeft size={14} />
          {t(`menu.${list}`)}
        </Group>
      </Anchor>
      <PageTitle
        title={t('dialplan.title', { number: first.number.display })}
        hint={readOnly ? t('dialplan.readOnly') : t('dialplan.hint')}
      >
        <EditorToolbar
          drafts={state.drafts}
          titles={titles}
          readOnly={readOnly}
          mayUndo={state.past.length > 0}
          mayRedo={state.future.length > 0}
          onAdd={() => {
            const right = state.drafts.reduce((far, draft) => Math.max(far, (draft.x ?? 0) + WIDTH + 72), 0);
            dispatch({ type: 'add', x: right, y: 0 });
            setFit((count) => count + 1);
          }}
          onArrange={arrange}
          onUndo={undo}
          onRedo={redo}
          onFind={find}
        >
          <Button
            variant={simulating ? 'light' : 'default'}
            leftSection={<IconRoute size={16} />}
            aria-pressed={simulating}
            onClick={() => {
              setSimulating(!simulating);
              setWay(null);
            }}
          >
            {t('dialplan.simulate')}
          </Button>
          {may(me, 'calls_view', clientId) && (
            <Button
              variant={counting ? 'light' : 'default'}
              leftSection={<IconChartArrows size={16} />}
              aria-pressed={counting}
              onClick={() => setCounting(!counting)}
            >
              {t('dialplan.callsToday')}
            </Button>
          )}
          <Button variant="default" leftSection={<IconHistory size={16} />} onClick={() => setVersions(true)}>
            {t('dialplan.versions')}
          </Button>
          <Remarks remarks={remarks} onFind={find} />
        </EditorToolbar>
      </PageTitle>
      {saving.outdated && (
        <Alert color="yellow" mb="sm" role="alert" title={t('conflict.outdated')}>
          <Group gap="xs" mt={4}>
            <Button size="compact-sm" variant="default" onClick={() => void saving.reload()}>
              {t('conflict.reload')}
            </Button>
            <Button size="compact-sm" variant="default" color="red" onClick={() => void saving.saveOver()}>
              {t('conflict.replace')}
            </Button>
          </Group>
        </Alert>
      )}
      <div className={classes.stage}>
        <Canvas
          number={first.number.display}
          drafts={state.drafts}
          titles={titles}
          calendars={calendars}
          refused={state.refused}
          sights={sights}
          readOnly={readOnly}
          fit={fit}
          focus={focus}
          onAdd={(x, y, from) => dispatch({ type: 'add', x: Math.round(x), y: Math.round(y), ...(from ? { from } : {}) })}
          onOpen={(key) => dispatch({ type: 'open', key })}
          onLink={(key, condition, level) => dispatch({ type: 'link', key, condition, level })}
          onMove={(places) => dispatch({ type: 'move', places })}
          onRemove={(keys) => dispatch({ type: 'remove', keys })}
          onCopy={copy}
          onPaste={copied && ((x, y) => dispatch({ type: 'paste', step: copied, x, y }))}
        />
        {state.drafts.length === 0 && (
          <div className={classes.empty}>
            <Text fw={600}>{t('dialplan.emptyTitle')}</Text>
            <Text size="sm" c="dimmed">
              {readOnly ? t('dialplan.emptyReadOnly') : t('dialplan.emptyHint')}
            </Text>
          </div>
        )}
        {simulating && (
          <SimulatePanel
            clientId={clientId}
            numberId={numberId}
            drafts={state.drafts}
            onWay={setWay}
            onClose={() => {
              setSimulating(false);
              setWay(null);
            }}
          />
        )}
      </div>
      <div className={classes.footer}>
        {!readOnly && (
          <Button
            leftSection={<IconDeviceFloppy size={18} />}
            onClick={() => void saving.save()}
            loading={saving.busy}
            disabled={!dirty || saving.outdated}
          >
            {t('action.save')}
          </Button>
        )}
        {dirty ? (
          <Badge color="yellow" variant="light" tt="none" size="lg">
            {t('dialplan.unsaved')}
          </Badge>
        ) : (
          <ProvisioningBadge clientId={clientId} />
        )}
        {saving.error !== null && (
          <Text size="sm" c="red" role="alert">
            {saving.error}
          </Text>
        )}
      </div>
      {opened && (
        <StepWindow
          key={opened.key}
          clientId={clientId}
          draft={opened}
          drafts={state.drafts}
          titles={titles}
          targets={targets}
          numberId={numberId}
          refused={state.refused[opened.key]}
          readOnly={readOnly}
          onKeep={(draft) => dispatch({ type: 'keep', draft })}
          onRemove={() => dispatch({ type: 'remove', keys: [opened.key] })}
          onDuplicate={(draft) => {
            dispatch({ type: 'keep', draft });
            dispatch({ type: 'paste', step: draft, ...beside(draft) });
          }}
          onReorder={(by) => dispatch({ type: 'reorder', key: opened.key, by })}
        />
      )}
      {versions && (
        <VersionsDrawer
          clientId={clientId}
          numberId={numberId}
          revision={state.revision}
          mayRestore={!readOnly}
          dirty={dirty}
          onRestored={saving.adopt}
          onClose={() => setVersions(false)}
        />
      )}
      <ConflictModal
        opened={saving.conflict !== null}
        message={saving.conflict ?? ''}
        onReload={() => {
          void saving.reload();
          notifications.show({ message: t('conflict.reloaded') });
        }}
        onKeep={saving.keepMine}
      />
    </div>
  );
}
