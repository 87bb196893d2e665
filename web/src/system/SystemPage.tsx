import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { AccountsTab } from '../money/AccountsTab';
import { TariffsTab } from '../money/TariffsTab';
import { ZonesTab } from '../money/ZonesTab';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import { PageTitle } from '../shell/PageTitle';
import { FraudTab } from './FraudTab';
import { HealthTab } from './HealthTab';
import { PoolTab } from './PoolTab';
import { RadiusTab } from './RadiusTab';
import { RoutesTab } from './RoutesTab';
import { SecurityTab } from './SecurityTab';

const TABS = ['nodes', 'routes', 'pool', 'accounts', 'tariffs', 'zones', 'radius', 'fraud', 'security'];

/** «Система» (S23): the state of the installation, outbound routes, the operator's pool of numbers, money and rules. */
export function SystemPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const tab = TABS.find((name) => name === params.get('tab')) ?? 'nodes';
  return (
    <>
      <PageTitle title={t('menu.system')} />
      <Tabs value={tab} onChange={(name) => setParams(name ? { tab: name } : {}, { replace: true })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="nodes">{t('system.nodes')}</Tabs.Tab>
          <Tabs.Tab value="routes">{t('system.routes')}</Tabs.Tab>
          <Tabs.Tab value="pool">{t('system.pool')}</Tabs.Tab>
          <Tabs.Tab value="accounts">{t('accounts.tab')}</Tabs.Tab>
          <Tabs.Tab value="tariffs">{t('tariffs.tab')}</Tabs.Tab>
          <Tabs.Tab value="zones">{t('zones.tab')}</Tabs.Tab>
          <Tabs.Tab value="radius">{t('radius.tab')}</Tabs.Tab>
          <Tabs.Tab value="fraud">{t('fraud.tab')}</Tabs.Tab>
          {isSystem(me) && <Tabs.Tab value="security">{t('security.tab')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="nodes">
          <HealthTab />
        </Tabs.Panel>
        <Tabs.Panel value="routes">
          <RoutesTab />
        </Tabs.Panel>
        <Tabs.Panel value="pool">
          <PoolTab />
        </Tabs.Panel>
        <Tabs.Panel value="accounts">
          <AccountsTab />
        </Tabs.Panel>
        <Tabs.Panel value="tariffs">
          <TariffsTab />
        </Tabs.Panel>
        <Tabs.Panel value="zones">
          <ZonesTab />
        </Tabs.Panel>
        <Tabs.Panel value="radius">
          <RadiusTab />
        </Tabs.Panel>
        <Tabs.Panel value="fraud">
          <FraudTab />
        </Tabs.Panel>
        {isSystem(me) && (
          <Tabs.Panel value="security">
            <SecurityTab />
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  );
}
