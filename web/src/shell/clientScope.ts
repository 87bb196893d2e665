import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useParams } from 'react-router';

import type { Client } from '../api/types';
import { getClient } from '../api/generated/ats';
import { seesClients } from '../session/rights';
import { useMe } from '../session/session';

const KEY = 'ats.administered';

function remembered(): number | null {
  const value = Number(sessionStorage.getItem(KEY));
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Leaves «Администрирование» of a client: the menu speaks of one's own company again. */
export function leaveAdministration(): void {
  sessionStorage.removeItem(KEY);
}

/** The client whose cabinet the present address belongs to. */
export function useClientId(): number {
  const { clientId } = useParams();
  return Number(clientId);
}

export interface ClientScope {
  /** The client that the menu's sections speak of. */
  clientId: number;
  /** Set while it is another's than one's own: administration mode (S35). */
  administered: Client | undefined;
  administering: boolean;
}

/** Own company, or the one entered by «Администрирование» in this browser tab. */
export function useClientScope(): ClientScope {
  const me = useMe();
  const { clientId: inAddress } = useParams();
  const reaches = seesClients(me);
  const id = inAddress === undefined ? (reaches ? remembered() : null) : Number(inAddress);
  const foreign = id !== null && id !== me.client.id;

  useEffect(() => {
    if (inAddress === undefined || !reaches) return;
    if (Number(inAddress) === me.client.id) leaveAdministration();
    else sessionStorage.setItem(KEY, inAddress);
  }, [inAddress, reaches, me.client.id]);

  const { data } = useQuery({
    queryKey: ['client', id],
    queryFn: () => getClient(id ?? me.client.id),
    enabled: foreign && reaches,
  });
  return {
    clientId: foreign ? id : me.client.id,
    administered: foreign ? data : undefined,
    administering: foreign,
  };
}
