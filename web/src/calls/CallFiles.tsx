import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconFileTypePdf } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { getGetFaxFileUrl, getGetRecordingAudioUrl } from '../api/generated/ats';
import type { CallCard } from '../api/types';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import classes from './CallFiles.module.css';
import { FaxPages } from './FaxPages';
import { Player } from './Player';

/** What a call left behind: its recordings (S185) and received faxes (S162). Nothing when there is neither. */
export function CallFiles({ clientId, call }: { clientId: number; call: CallCard }) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <>
      {call.recordings.length > 0 && (
        <section>
          <Title order={3} size="h5" mb="sm">
            {t('calls.recordings')}
          </Title>
          <Stack gap="md">
            {call.recordings.map((one) => {
              const url = (format: 'wav' | 'mp3') => getGetRecordingAudioUrl(clientId, call.id, one.id, { format });
              return (
                <Stack key={one.id} gap={4}>
                  <Group gap="xs">
                    <Text size="sm" className="digits">
                      {shownNumber(one.number)} · {times.timeOfDay(one.started_at)} · {duration(one.duration_ms)}
                    </Text>
                    {one.on_demand && (
                      <Badge variant="light" tt="none">
                        {t('calls.onDemand')}
                      </Badge>
                    )}
                  </Group>
                  <Player
                    src={url('wav')}
                    durationMs={one.duration_ms}
                    label={t('calls.listenTo', { number: shownNumber(one.number) })}
                  />
                  <Group gap="md">
                    {(['wav', 'mp3'] as const).map((format) => (
                      <Anchor
                        key={format}
                        href={url(format)}
                        download={`${call.id}-${one.number}.${format}`}
                        size="sm"
                      >
                        <IconDownload size={14} className={classes.icon} aria-hidden /> {format.toUpperCase()}
                      </Anchor>
                    ))}
                  </Group>
                </Stack>
              );
            })}
          </Stack>
        </section>
      )}
      {call.faxes.length > 0 && (
        <section>
          <Title order={3} size="h5" mb="sm">
            {t('calls.faxes')}
          </Title>
          <Stack gap="sm">
            {call.faxes.map((fax) => (
              <Stack key={fax.id} gap="xs">
              <Group gap="sm">
                {fax.pages > 0 && (
                  <Anchor href={getGetFaxFileUrl(clientId, fax.id)} target="_blank" rel="noreferrer" size="sm">
                    <IconFileTypePdf size={16} className={classes.icon} aria-hidden /> PDF
                  </Anchor>
                )}
                <Text size="sm" className="digits">
                  {t('calls.pages', { count: fax.pages })} · {times.timeOfDay(fax.received_at)}
                  {fax.station && ` · ${shownNumber(fax.station)}`}
                </Text>
                {!fax.complete && (
                  <Badge variant="light" color="orange" tt="none" title={fax.error}>
                    {t('calls.faxIncomplete')}
                  </Badge>
                )}
              </Group>
              {fax.pages > 0 && <FaxPages clientId={clientId} faxId={fax.id} pages={fax.pages} />}
              </Stack>
            ))}
          </Stack>
        </section>
      )}
    </>
  );
}
