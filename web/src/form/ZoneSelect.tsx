import { Select, type SelectProps } from '@mantine/core';

import { useMeta } from '../api/meta';

/** A time zone by its IANA name, any of all. The present value is offered even before the list has come. */
export function ZoneSelect(props: SelectProps) {
  const zones = useMeta().time_zones;
  const value = typeof props.value === 'string' ? props.value : '';
  const data = value && !zones.includes(value) ? [value, ...zones] : zones;
  return <Select searchable data={data} maxDropdownHeight={260} {...props} />;
}
