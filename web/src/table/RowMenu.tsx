import { Menu, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import classes from './table.module.css';

/** Something that can be done with a row; a link when `to` is given. */
export interface RowAction {
  label: string;
  icon?: ReactNode;
  color?: string;
  to?: string;
  onClick?: () => void;
}

/** Where a row's menu stands open, and what takes the focus back when it closes. */
export interface OpenMenu<T> {
  row: T;
  x: number;
  y: number;
  from: HTMLElement | null;
}

interface Props {
  actions: RowAction[];
  x: number;
  y: number;
  onClose: () => void;
}

/** The actions of a row, at the place of the right click or under its «⋮». */
export function RowMenu({ actions, x, y, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Menu opened onChange={(opened) => !opened && onClose()} position="bottom-start" shadow="md" withinPortal>
      <Menu.Target>
        <UnstyledButton
          className={classes.anchor ?? ''}
          style={{ left: x, top: y }}
          tabIndex={-1}
          aria-label={t('table.actions')}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, icon, color, to, onClick }) =>
          to === undefined ? (
            <Menu.Item key={label} leftSection={icon} {...(color ? { color } : {})} onClick={onClick}>
              {label}
            </Menu.Item>
          ) : (
            <Menu.Item key={label} leftSection={icon} component={Link} to={to}>
              {label}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
