import { Button, Chip, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const USUAL = { everyDay: WEEK, workdays: [1, 2, 3, 4, 5], weekend: [6, 7] };

interface Props {
  /** 1 is Monday. */
  value: number[];
  onChange: (days: number[]) => void;
}

/** Days of the week, with the usual choices at a click. */
export function WeekDays({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Chip.Group
        multiple
        value={value.map(String)}
        onChange={(days) => onChange(days.map(Number).sort((a, b) => a - b))}
      >
        <Group gap={6}>
          {WEEK.map((day) => (
            <Chip key={day} value={String(day)} size="sm" radius="md">
              {t(`day.${day}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group gap={6} mt="xs">
        {(['everyDay', 'workdays', 'weekend'] as const).map((name) => (
          <Button key={name} size="compact-xs" variant="default" onClick={() => onChange(USUAL[name])}>
            {t(`dialplan.${name}`)}
          </Button>
        ))}
      </Group>
    </>
  );
}
