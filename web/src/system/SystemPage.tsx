import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { AccountsTab } from '../money/AccountsTab';
import { TariffsTab } from '../money/TariffsTab';
import { ZonesTab } from '../money/ZonesTab';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import { PageTitle } from '../shell/PageTitle';
import { BackupsTab } from './BackupsTab';
import { BansTab } from './BansTab';
import { CertificateTab } from './CertificateTab';
import { CodesTab } from './CodesTab';
import { FraudTab } from './FraudTab';
import { HealthTab } from './HealthTab';
import { PoolTab } from './PoolTab';
import { RadiusTab } from './RadiusTab';
import { RoutesTab } from './RoutesTab';
import { SecurityTab } from './SecurityTab';
import { SettingsTab } from './SettingsTab';

// Matters of the exchange as a whole: only for who manages the system (S248).
const OWN = ['settings', 'security', 'certificates', 'backups', 'bans'];
const TABS = ['nodes', 'routes', 'pool', 'accounts', 'tariffs', 'zones', 'radius', 'codes', 'fraud', ...OWN];

/** «Система» (S23): the state of the installation, its settings by topic, and what the operator owns. */
export function SystemPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const shown = TABS.filter((name) => isSystem(me) || !OWN.includes(name));
  const tab = shown.find((name) => name === params.get('tab')) ?? 'nodes';
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
          <Tabs.Tab value="codes">{t('codes.tab')}</Tabs.Tab>
          {isSystem(me) && (
            <>
              <Tabs.Tab value="settings">{t('settingsOf.tab')}</Tabs.Tab>
              <Tabs.Tab value="security">{t('security.tab')}</Tabs.Tab>
              <Tabs.Tab value="certificates">{t('certificate.tab')}</Tabs.Tab>
              <Tabs.Tab value="bans">{t('bans.tab')}</Tabs.Tab>
              <Tabs.Tab value="backups">{t('backups.tab')}</Tabs.Tab>
            </>
          )}
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
        <Tabs.Panel value="codes">
          <CodesTab />
        </Tabs.Panel>
        {isSystem(me) && (
          <>
            <Tabs.Panel value="settings">
              <SettingsTab />
            </Tabs.Panel>
            <Tabs.Panel value="security">
              <SecurityTab />
            </Tabs.Panel>
            <Tabs.Panel value="certificates">
              <CertificateTab />
            </Tabs.Panel>
            <Tabs.Panel value="bans">
              <BansTab />
            </Tabs.Panel>
            <Tabs.Panel value="backups">
              <BackupsTab />
            </Tabs.Panel>
          </>
        )}
      </Tabs>
    </>
  );
}
