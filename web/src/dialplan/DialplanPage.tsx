import { Alert, Skeleton } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { getDialplan } from '../api/generated/ats';
import { errorText } from '../form/errors';
import { useClientId } from '../shell/clientScope';
import { Editor } from './Editor';

/** The dialplan of a number as a picture (S87-S107). */
export function DialplanPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const numberId = Number(useParams().numberId);
  const { data, error } = useQuery({
    queryKey: ['dialplan', clientId, numberId],
    queryFn: () => getDialplan(clientId, numberId),
    // Read once per visit: a silent re-read must never pull the picture from under the person's hands.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (error) {
    return (
      <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
        {errorText(error, t)}
      </Alert>
    );
  }
  if (!data) return <Skeleton h="60dvh" />;
  return <Editor key={`${clientId}:${numberId}`} clientId={clientId} numberId={numberId} first={data} />;
}
