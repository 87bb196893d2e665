import { useTranslation } from 'react-i18next';

import { useMe } from '../session/session';
import { dateTime, timeOfDay } from './time';

/** Formatters bound to the user's language and zone. */
export function useTimes() {
  const { i18n } = useTranslation();
  const { time_zone: zone } = useMe();
  return {
    zone,
    dateTime: (iso: string | null | undefined) => dateTime(iso, i18n.language, zone),
    timeOfDay: (iso: string) => timeOfDay(iso, i18n.language, zone),
  };
}
