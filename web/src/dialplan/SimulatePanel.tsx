import { ActionIcon, Alert, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { simulateCall } from '../api/generated/ats';
import type { Assumed, StageOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import classes from './SimulatePanel.module.css';
import { stepsOf, type Draft } from './model';
import type { Stretch } from './sights';
import { keyOf } from './useLint';

const OUTCOMES = ['after_answer', 'no_answer', 'busy', 'no_route'] as const;

interface Props {
  clientId: number;
  numberId: number;
  drafts: Draft[];
  /** The way to light on the picture; null: none. */
  onWay: (way: Stretch[] | null) => void;
  onClose: () => void;
}

/** «+7916… звонит в субботу 14:05»: which way the call takes through the picture as drawn, and why. */
export function SimulatePanel({ clientId, numberId, drafts, onWay, onClose }: Props) {
  const { t } = useTranslation();
  const [caller, setCaller] = useState('');
  const [at, setAt] = useState('');
  const [stages, setStages] = useState<StageOut[] | null>(null);
  const [assumed, setAssumed] = useState<Record<string, Assumed['outcome']>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const whole = drafts.filter((draft) => draft.action !== null);

  const run = async (outcomes: Record<string, Assumed['outcome']>) => {
    setBusy(true);
    setError(null);
    try {
      const named = whole.flatMap((draft, place): Assumed[] => {
        const outcome = outcomes[draft.key];
        if (!outcome) return [];
        return [draft.id === null ? { place, outcome } : { step_id: draft.id, outcome }];
      });
      const answer = await simulateCall(clientId, numberId, {
        caller,
        at: at || null,
        outcomes: named,
        steps: stepsOf(whole),
      });
      setStages(answer.stages);
      onWay(
        answer.stages.flatMap((stage) => {
          const key = stage.number_id === numberId ? keyOf(whole, stage) : null;
          return key === null ? [] : [{ key, via: stage.via }];
        }),
      );
    } catch (failure) {
      setError(errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  const assume = (key: string, outcome: Assumed['outcome']) => {
    const next = { ...assumed, [key]: outcome };
    setAssumed(next);
    void run(next);
  };

  return (
    <Paper withBorder p="sm" className={classes.panel ?? ''} role="region" aria-label={t('dialplan.simulate')}>
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{t('dialplan.simulate')}</Text>
        <ActionIcon variant="subtle" color="gray" aria-label={t('action.close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <form
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          void run(assumed);
        }}
      >
        <Stack gap="xs">
          <TextInput
            label={t('dialplan.simulateCaller')}
            placeholder="+79161234567"
            inputMode="tel"
            value={caller}
            onChange={(event) => setCaller(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t('dialplan.simulateAt')}
            description={t('dialplan.simulateAtHint')}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} leftSection={<IconPlayerPlay size={16} />}>
            {t('dialplan.simulateRun')}
          </Button>
        </Stack>
      </form>
      {error !== null && (
        <Alert color="red" role="alert" mt="sm">
          {error}
        </Alert>
      )}
      <Stack gap="xs" mt="sm" component="ol" className={classes.stages ?? ''}>
        {(stages ?? []).map((stage, index) => {
          const key = stage.number_id === numberId ? keyOf(whole, stage) : null;
          return (
            <li key={index}>
              <Text size="sm">{stage.reason}</Text>
              {key !== null && (
                <Select
                  size="xs"
                  aria-label={t('dialplan.simulateOutcome')}
                  placeholder={t('dialplan.simulateOutcome')}
                  data={OUTCOMES.map((value) => ({ value, label: t(`condition.${value}`) }))}
                  value={assumed[key] ?? null}
                  onChange={(value) => {
                    const outcome = OUTCOMES.find((one) => one === value);
                    if (outcome) assume(key, outcome);
                  }}
                />
              )}
            </li>
          );
        })}
      </Stack>
    </Paper>
  );
}
