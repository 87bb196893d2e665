import { useParams } from 'react-router';

import { AllConnected } from './AllConnected';
import { ClientConnected } from './ClientConnected';

/** «Сеть/Адреса» (S24): equipment connected now, of one client or (for the operator) of all. */
export function NetworkPage() {
  const { clientId } = useParams();
  return clientId === undefined ? <AllConnected /> : <ClientConnected clientId={Number(clientId)} />;
}
