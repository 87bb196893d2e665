import type { ReactNode } from 'react';

import type { FormTab } from '../form/FormTabs';
import { LimitsTab } from './LimitsTab';
import { NewLimits } from './NewLimits';
import type { Limits, LimitScope } from './values';

interface Props {
  label: string;
  clientId: number;
  scope: LimitScope;
  /** null: it is being made. */
  objectId: number | null;
  value: Limits;
  error: ReactNode;
  onChange: (value: Limits) => void;
}

/** «Ограничения» of a window: of a new thing a part of its form, of one that exists a form of its own. */
export function limitsOf({ label, clientId, scope, objectId, ...field }: Props): FormTab {
  return objectId === null
    ? { key: 'limits', label, fields: ['limits'], panel: <NewLimits scope={scope} {...field} /> }
    : {
        key: 'limits',
        label,
        own: true,
        panel: <LimitsTab clientId={clientId} scope={scope} objectId={objectId} />,
      };
}
