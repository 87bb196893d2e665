import { ActionIcon, Button, Checkbox, Group, Popover, ScrollArea, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { moved, type TableView } from './useTableView';

interface Props {
  /** In the order they stand in the table, hidden ones too. */
  columns: { key: string; title: string }[];
  hidden: string[];
  onChange: (part: Partial<TableView>) => void;
  onReset: () => void;
}

/** «Настройка отображения таблиц» (S29): which columns there are, and in what order. */
export function ColumnChooser({ columns, hidden, onChange, onReset }: Props) {
  const { t } = useTranslation();
  const keys = columns.map((column) => column.key);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('table.columns')}>
          <ActionIcon variant="default" size={36} aria-label={t('table.columns')}>
            <IconColumns3 size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('table.columns')}
          </Text>
          <ScrollArea.Autosize mah="50vh" offsetScrollbars="y">
            <Stack gap={4}>
              {columns.map(({ key, title }, place) => (
                <Group key={key} justify="space-between" wrap="nowrap" gap="md">
                  <Checkbox
                    size="sm"
                    label={title}
                    checked={!hidden.includes(key)}
                    onChange={(event) =>
                      onChange({
                        hidden: event.currentTarget.checked
                          ? hidden.filter((item) => item !== key)
                          : [...hidden, key],
                      })
                    }
                  />
                  <Group gap={2} wrap="nowrap">
                    <ActionIcon
                      variant="subtle"
                      size="sm"
                      disabled={place === 0}
                      aria-label={t('table.columnUp', { name: title })}
                      onClick={() => onChange({ order: moved(keys, key, -1) })}
                    >
                      <IconArrowUp size={14} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      size="sm"
                      disabled={place === columns.length - 1}
                      aria-label={t('table.columnDown', { name: title })}
                      onClick={() => onChange({ order: moved(keys, key, 1) })}
                    >
                      <IconArrowDown size={14} />
                    </ActionIcon>
                  </Group>
                </Group>
              ))}
            </Stack>
          </ScrollArea.Autosize>
          <Text size="xs" c="dimmed" maw={260}>
            {t('table.columnsHint')}
          </Text>
          <Button size="compact-sm" variant="subtle" onClick={onReset}>
            {t('table.columnsReset')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
