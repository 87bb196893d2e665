import { Alert, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { LimitFields } from './LimitFields';
import { fieldsOf, type Limits, type LimitScope } from './values';

interface Props {
  scope: LimitScope;
  value: Limits;
  error: ReactNode;
  onChange: (value: Limits) => void;
}

/** «Ограничения» in the window of a new thing: saved together with it, by the window's own «Сохранить». */
export function NewLimits({ scope, value, error, onChange }: Props) {
  return (
    <Stack>
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <LimitFields values={value} known={fieldsOf(scope)} onChange={onChange} />
    </Stack>
  );
}
