import { Tabs } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { Late } from './Late';
import classes from './FormTabs.module.css';

export interface FormTab {
  key: string;
  label: string;
  /** Fields it shows: refused ones mark the tab and bring it forward. None: it is no part of the form. */
  fields?: readonly string[];
  /** It holds a form of its own, saved by itself. */
  own?: boolean;
  panel: ReactNode;
}

interface Props {
  tabs: FormTab[];
  errors: Record<string, ReactNode>;
  readOnly?: boolean;
}

/** Tabs of a window; a refusal on a hidden tab is never overlooked. */
export function FormTabs({ tabs, errors, readOnly = false }: Props) {
  const [tab, setTab] = useState<string | null>(tabs[0]?.key ?? null);
  const [seen, setSeen] = useState(errors);
  const refused = ({ fields = [] }: FormTab) => fields.some((field) => errors[field] !== undefined);
  if (seen !== errors) {
    setSeen(errors);
    const first = tabs.find(refused);
    const current = tabs.find(({ key }) => key === tab);
    if (first && !(current && refused(current))) setTab(first.key);
  }
  return (
    <Tabs value={tab} onChange={setTab} keepMountedMode="display-none">
      <Tabs.List mb="md">
        {tabs.map((one) => (
          <Tabs.Tab key={one.key} value={one.key} c={refused(one) ? 'red' : undefined}>
            {one.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((one) => (
        <Tabs.Panel key={one.key} value={one.key}>
          {one.fields ? (
            <fieldset disabled={readOnly} className={classes.fields}>
              {one.panel}
            </fieldset>
          ) : one.own ? (
            <Late shown={tab === one.key}>{one.panel}</Late>
          ) : (
            tab === one.key && one.panel
          )}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
