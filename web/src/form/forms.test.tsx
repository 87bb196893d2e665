import { MantineProvider } from '@mantine/core';
import { useForm } from '@mantine/form';
import { act, cleanup, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { ApiError } from '../api/http';
import { ConfirmDelete } from './ConfirmDelete';
import { useSending } from './useApiForm';

const inMantine = ({ children }: { children: ReactNode }) => <MantineProvider env="test">{children}</MantineProvider>;

afterEach(cleanup);

function sending(send: (values: { name: string; login: string }) => Promise<string>, done = vi.fn()) {
  return renderHook(
    () => {
      const form = useForm({ initialValues: { name: 'Линия 1', login: '100001' } });
      return { form, ...useSending(form, send, done) };
    },
    { wrapper: inMantine },
  );
}

describe('what becomes of a form that is sent', () => {
  test('its values are sent once, and the answer handed on', async () => {
    const send = vi.fn().mockResolvedValue('made');
    const done = vi.fn();
    const { result } = sending(send, done);
    act(() => result.current.submit());
    await waitFor(() => expect(done).toHaveBeenCalledWith('made'));
    expect(send).toHaveBeenCalledExactlyOnceWith({ name: 'Линия 1', login: '100001' });
    expect(result.current.busy).toBe(false);
    expect(result.current.error).toBeNull();
  });

  test('a refused field is marked in place, by the first word of its path', async () => {
    const { result } = sending(() =>
      Promise.reject(new ApiError(422, 'invalid', 'Проверьте поля', { 'login.0': 'Уже занято' })),
    );
    act(() => result.current.submit());
    await waitFor(() => expect(result.current.form.errors.login).toBe('Уже занято'));
    expect(result.current.error).toBeNull();
  });

  test('what has no field here is said above the form, beside the marked ones', async () => {
    const { result } = sending(() =>
      Promise.reject(new ApiError(422, 'invalid', 'Проверьте поля', { name: 'Заполните', networks: 'Не сеть' })),
    );
    act(() => result.current.submit());
    await waitFor(() => expect(result.current.error).toBe('Не сеть'));
    expect(result.current.form.errors).toEqual({ name: 'Заполните' });
  });

  test('a refusal of the whole request is said in its own words', async () => {
    const { result } = sending(() => Promise.reject(new ApiError(409, 'in_use', 'Используется: номер 100')));
    act(() => result.current.submit());
    await waitFor(() => expect(result.current.error).toBe('Используется: номер 100'));
    expect(result.current.busy).toBe(false);
  });
});

test('a refused deletion says why and leaves the window open', async () => {
  const done = vi.fn();
  const remove = vi
    .fn()
    .mockRejectedValueOnce(new ApiError(409, 'in_use', 'Используется: номер 100'))
    .mockResolvedValueOnce(undefined);
  render(<ConfirmDelete name="Линия 1" remove={remove} onDone={done} onClose={vi.fn()} />, { wrapper: inMantine });
  const button = screen.getByRole('button', { name: 'action.delete' });
  fireEvent.click(button);
  expect((await screen.findByRole('alert')).textContent).toContain('Используется: номер 100');
  expect(done).not.toHaveBeenCalled();
  fireEvent.click(button);
  await waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(screen.queryByRole('alert')).toBeNull();
});
