import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  icon: ReactNode;
  /** There is room for the word beside the picture. */
  roomy: boolean;
  color?: string;
  busy?: boolean;
  onClick: () => void;
}

/** Something to do with a call in progress. */
export function CallCommand({ label, icon, roomy, color = 'line', busy = false, onClick }: Props) {
  return roomy ? (
    <Button size="compact-sm" variant="light" color={color} leftSection={icon} loading={busy} onClick={onClick}>
      {label}
    </Button>
  ) : (
    <ActionIcon size="lg" variant="light" color={color} aria-label={label} loading={busy} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
}
