import { Fieldset, NumberInput, SegmentedControl, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { createRate, listZones, updateRate } from '../api/generated/ats';
import type { RateIn, RateOut, TariffOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { WeekDays } from '../form/WeekDays';
import { fromUnits, toUnits } from '../format/money';
import { clock, DAY_MINUTES, dayOf, minutes, startOfDay } from '../format/time';
import { bitsOf, daysOf } from './days';

interface Props {
  tariff: TariffOut;
  rate: RateOut | null;
  readOnly: boolean;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  /** What the price is for; only one of the two is sent. */
  by: 'prefix' | 'zone';
  prefix: string;
  zone_id: string | null;
  title: string;
  price: number;
  connection_fee: number;
  attempt_fee: number;
  free_s: number;
  first_s: number;
  next_s: number;
  /** Days of the tariff's zone; empty: without end. */
  valid_from: string;
  valid_until: string;
  days: number[];
  /** «HH:MM» */
  time_from: string;
  time_to: string;
}

/** A price: where to, how much, and when it holds. */
export function RateWindow({ tariff, rate, readOnly, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { data: zones } = useQuery({ queryKey: ['zones', 'choices'], queryFn: () => listZones({ page_size: 500 }) });
  const day = (moment: string | null | undefined) => (moment ? dayOf(new Date(moment), tariff.time_zone) : '');
  const moment = (text: string) => (text ? startOfDay(text, tariff.time_zone) : null);
  const form = useForm<Values>({
    initialValues: {
      by: rate?.zone_id ? 'zone' : 'prefix',
      prefix: rate?.prefix ?? '',
      zone_id: rate?.zone_id ? String(rate.zone_id) : null,
      title: rate?.title ?? '',
      price: toUnits(rate?.price ?? 0),
      connection_fee: toUnits(rate?.connection_fee ?? 0),
      attempt_fee: toUnits(rate?.attempt_fee ?? 0),
      free_s: rate?.free_s ?? 0,
      first_s: rate?.first_s ?? 60,
      next_s: rate?.next_s ?? 60,
      valid_from: day(rate?.valid_from),
      valid_until: day(rate?.valid_until),
      days: daysOf(rate?.days ?? 127),
      time_from: clock(rate?.time_from ?? 0),
      time_to: clock(rate?.time_to ?? DAY_MINUTES),
    },
    validate: {
      time_from: (text) => (minutes(text) === null ? t('dialplan.badTime') : null),
      time_to: (text) => (minutes(text) === null ? t('dialplan.badTime') : null),
    },
  });
  const sending = useSending<Values, RateOut>(
    form,
    ({ by, prefix, zone_id, ...rest }) => {
      const draft: RateIn = {
        ...rest,
        prefix: by === 'prefix' ? prefix.replace(/^\+/, '') : '',
        zone_id: by === 'zone' && zone_id !== null ? Number(zone_id) : null,
        price: fromUnits(rest.price),
        connection_fee: fromUnits(rest.connection_fee),
        attempt_fee: fromUnits(rest.attempt_fee),
        valid_from: moment(rest.valid_from),
        valid_until: moment(rest.valid_until),
        days: bitsOf(rest.days),
        time_from: minutes(rest.time_from) ?? 0,
        time_to: minutes(rest.time_to) ?? DAY_MINUTES,
      };
      return rate ? updateRate(tariff.id, rate.id, draft) : createRate(tariff.id, draft);
    },
    onDone,
  );
  const sum = (field: 'price' | 'connection_fee' | 'attempt_fee', label: string) => (
    <NumberInput label={label} min={0} decimalScale={4} {...form.getInputProps(field)} />
  );
  const seconds = (field: 'free_s' | 'first_s' | 'next_s') => (
    <NumberInput label={t(`tariffs.${field}`)} min={0} allowDecimal={false} {...form.getInputProps(field)} />
  );
  return (
    <FormModal
      title={t(rate ? 'tariffs.rateEdit' : 'tariffs.rateCreate')}
      onClose={onClose}
      sending={sending}
      readOnly={readOnly}
    >
      <SegmentedControl
        aria-label={t('tariffs.where')}
        data={[
          { value: 'prefix', label: t('tariffs.byPrefix') },
          { value: 'zone', label: t('tariffs.byZone') },
        ]}
        {...form.getInputProps('by')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {form.values.by === 'prefix' ? (
          <TextInput
            label={t('tariffs.prefix')}
            description={t('tariffs.prefixHint')}
            placeholder="7495"
            inputMode="numeric"
            data-autofocus
            {...form.getInputProps('prefix')}
          />
        ) : (
          <Select
            label={t('tariffs.zone')}
            description={t('tariffs.zonesHint')}
            searchable
            required
            data={(zones?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            {...form.getInputProps('zone_id')}
          />
        )}
        <TextInput label={t('tariffs.title')} description={t('tariffs.titleHint')} {...form.getInputProps('title')} />
        {sum('price', t('tariffs.price', { currency: tariff.currency }))}
        {sum('connection_fee', t('tariffs.connection'))}
      </SimpleGrid>
      <Fieldset legend={t('tariffs.counting')}>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }}>
          {seconds('free_s')}
          {seconds('first_s')}
          {seconds('next_s')}
          {sum('attempt_fee', t('tariffs.attempt'))}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('tariffs.when')}>
        <WeekDays value={form.values.days} onChange={(days) => form.setFieldValue('days', days)} />
        {form.errors.days !== undefined && (
          <Text size="xs" c="red" mt={4}>
            {t('dialplan.chooseDay')}
          </Text>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} mt="sm">
          <TextInput label={t('dialplan.timeFrom')} className="digits" {...form.getInputProps('time_from')} />
          <TextInput label={t('dialplan.timeTo')} className="digits" {...form.getInputProps('time_to')} />
          <TextInput type="date" label={t('tariffs.validFrom')} {...form.getInputProps('valid_from')} />
          <TextInput type="date" label={t('tariffs.validUntil')} {...form.getInputProps('valid_until')} />
        </SimpleGrid>
        <Text size="xs" c="dimmed" mt="xs">
          {t('tariffs.whenHint', { zone: tariff.time_zone })}
        </Text>
      </Fieldset>
    </FormModal>
  );
}
