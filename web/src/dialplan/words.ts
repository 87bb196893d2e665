import type { TFunction } from 'i18next';

import type { Choices, Meta, StepAction, StepCalendar } from '../api/types';
import { KINDS, thingOf } from './kinds';
import { atLevel, isAlways, type Draft } from './model';

/** «SIP Линия 1», «Звуковое сообщение moh»: how the manual's picture names a step. */
export function actionTitle(
  action: StepAction | null,
  targets: Choices | undefined,
  causes: Meta['causes'],
  t: TFunction,
): string {
  if (!action) return t('dialplan.noAction');
  // The drop-down names the group («Звуковые сообщения»), the picture the one thing.
  const kind = kindTitle(action, targets, t);
  const { list } = KINDS[action.kind];
  const id = thingOf(action);
  if (action.kind === 'hangup') {
    return t('dialplan.titleHangup', { name: causes.find(({ code }) => code === id)?.name ?? String(id) });
  }
  if (action.kind === 'ring') {
    const names = [
      ...(action.port_ids ?? []).map((port) => titleIn(targets?.ports, port)),
      ...(action.forwarding_ids ?? []).map((forwarding) => titleIn(targets?.forwardings, forwarding)),
    ];
    return [kind, names.join(', ')].filter(Boolean).join(': ');
  }
  if (list === null || id === null) return kind;
  if (id === 0) return `${kind} …`;
  return `${kind} ${titleIn(targets?.[list], id)}`;
}

function kindTitle(action: StepAction, targets: Choices | undefined, t: TFunction): string {
  const port = action.kind === 'port' ? targets?.ports.find(({ id }) => id === action.port_id) : undefined;
  if (port) return port.protocol;
  return action.kind === 'sound' ? t('dialplan.soundTitle') : t(`dialplan.kind.${action.kind}`);
}

function titleIn(list: { id: number; title: string }[] | undefined, id: number): string {
  return list?.find((item) => item.id === id)?.title ?? `№ ${id}`;
}

/** «Пн–Пт 09:30–18:30»; empty for «always». */
export function calendarText(calendar: StepCalendar, t: TFunction): string {
  if (isAlways(calendar)) return '';
  const parts: string[] = [];
  if (calendar.days.length < 7) parts.push(daysText(calendar.days, t));
  if (calendar.time_from !== '00:00' || calendar.time_to !== '24:00') {
    parts.push(`${calendar.time_from}–${calendar.time_to}`);
  }
  if (calendar.date_from !== null || calendar.date_to !== null) {
    parts.push(`${calendar.date_from ?? '…'} — ${calendar.date_to ?? '…'}`);
  }
  if (calendar.holidays !== 'any') parts.push(t(`holidayShort.${calendar.holidays}`));
  return parts.join(' ');
}

/** The windows of all steps, by key; the last of several at a level takes «остальное время» (S99). */
export function calendarTexts(drafts: Draft[], t: TFunction): Map<string, string> {
  return new Map(
    drafts.map((draft) => {
      const mates = atLevel(drafts, draft.level);
      const rest = mates.length > 1 && mates.at(-1) === draft && isAlways(draft.calendar);
      return [draft.key, rest ? t('dialplan.restOfTime') : calendarText(draft.calendar, t)];
    }),
  );
}

function daysText(days: number[], t: TFunction): string {
  const sorted = [...days].sort((a, b) => a - b);
  if (sorted.length === 0) return t('dialplan.noDays');
  const runs: [number, number][] = [];
  for (const day of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([from, to]) => {
      if (from === to) return t(`day.${from}`);
      return `${t(`day.${from}`)}${to === from + 1 ? ', ' : '–'}${t(`day.${to}`)}`;
    })
    .join(', ');
}
