import { Alert, Anchor, Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertCircle, IconArrowLeft, IconDeviceFloppy, IconPlus, IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { getDialplan, getDialplanTargets } from '../api/generated/ats';
import type { DialplanOut } from '../api/generated/model';
import { useMeta } from '../api/meta';
import { errorText } from '../form/errors';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { Canvas } from './Canvas';
import { ConflictModal } from './ConflictModal';
import classes from './DialplanPage.module.css';
import { arranged } from './graph';
import { LeaveGuard } from './LeaveGuard';
import { ProvisioningBadge } from './ProvisioningBadge';
import { StepWindow } from './StepWindow';
import { useEditor } from './useEditor';
import { useSaving } from './useSaving';
import { actionTitle, calendarText } from './words';

/** The dialplan of a number as a picture (S87-S107). */
export function DialplanPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const numberId = Number(useParams().numberId);
  const { data, error } = useQuery({
    queryKey: ['dialplan', clientId, numberId],
    queryFn: () => getDialplan(clientId, numberId),
    // Read once per visit: a silent re-read must never pull the picture from under the person's hands.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (error) {
    return (
      <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
        {errorText(error, t)}
      </Alert>
    );
  }
  if (!data) return <Skeleton h="60dvh" />;
  return <Editor key={`${clientId}:${numberId}`} clientId={clientId} numberId={numberId} first={data} />;
}

interface EditorProps {
  clientId: number;
  numberId: number;
  /** The dialplan as it was when the page was opened. */
  first: DialplanOut;
}

function Editor({ clientId, numberId, first }: EditorProps) {
  const { t } = useTranslation();
  const me = useMe();
  const { causes } = useMeta();
  const { state, dispatch, dirty } = useEditor(first);
  const [fit, setFit] = useState(0);
  const readOnly = !may(me, 'dialplan_change', clientId);
  const { data: targets } = useQuery({
    queryKey: ['dialplan-targets', clientId],
    queryFn: () => getDialplanTargets(clientId),
  });
  const saving = useSaving(clientId, numberId, state, dispatch);

  const titles = useMemo(
    () => new Map(state.drafts.map((draft) => [draft.key, actionTitle(draft.action, targets, causes, t)])),
    [state.drafts, targets, causes, t],
  );
  const calendars = useMemo(
    () => new Map(state.drafts.map((draft) => [draft.key, calendarText(draft.calendar, t)])),
    [state.drafts, t],
  );
  const opened = state.drafts.find((draft) => draft.key === state.open);

  const arrange = () => {
    dispatch({ type: 'move', places: arranged(state.drafts, calendars) });
    setFit((count) => count + 1);
  };

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
        <Group gap="xs">
          {!readOnly && (
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              onClick={() => {
                const right = state.drafts.reduce((far, draft) => Math.max(far, (draft.x ?? 0) + 320), 0);
                dispatch({ type: 'add', x: right, y: 0 });
                setFit((count) => count + 1);
              }}
            >
              {t('dialplan.addStep')}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconSitemap size={16} />}
            onClick={arrange}
            disabled={state.drafts.length === 0}
          >
            {t('dialplan.arrange')}
          </Button>
        </Group>
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
          readOnly={readOnly}
          fit={fit}
          onAdd={(x, y, from) => dispatch({ type: 'add', x: Math.round(x), y: Math.round(y), ...(from ? { from } : {}) })}
          onOpen={(key) => dispatch({ type: 'open', key })}
          onLink={(key, condition, level) => dispatch({ type: 'link', key, condition, level })}
          onMove={(places) => dispatch({ type: 'move', places })}
        />
        {state.drafts.length === 0 && (
          <div className={classes.empty}>
            <Text fw={600}>{t('dialplan.emptyTitle')}</Text>
            <Text size="sm" c="dimmed">
              {readOnly ? t('dialplan.emptyReadOnly') : t('dialplan.emptyHint')}
            </Text>
          </div>
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
          draft={opened}
          drafts={state.drafts}
          titles={titles}
          targets={targets}
          numberId={numberId}
          readOnly={readOnly}
          onKeep={(draft) => dispatch({ type: 'keep', draft })}
          onRemove={() => dispatch({ type: 'remove', key: opened.key })}
          onReorder={(by) => dispatch({ type: 'reorder', key: opened.key, by })}
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
      <LeaveGuard dirty={dirty} />
    </div>
  );
}
