import { Container } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, type ReactNode } from 'react';

import { getSession, login as startSession, logout as endSession } from '../api/generated/ats';
import { onUnauthorized } from '../api/http';
import { queryClient } from '../api/query';
import type { Session, UserMe } from '../api/types';
import { isLanguage, setLanguage } from '../i18n';
import { switchOff } from '../phone/phone';
import { Trouble } from '../shell/Trouble';

const KEY = ['session'];

declare global {
  interface Window {
    /** Asked for by public/early.js while our scripts were on their way; null: no answer. */
    atsSession?: Promise<Session | null>;
  }
}

async function present(): Promise<Session> {
  const early = await window.atsSession;
  delete window.atsSession; // it is true once
  return early ?? getSession();
}

const QUESTION = queryOptions({ queryKey: KEY, queryFn: present, staleTime: Infinity, retry: 5 });

/** Who is logged in, as soon as it is known; null: nobody, or it cannot be known. */
export async function visitor(): Promise<UserMe | null> {
  try {
    return (await queryClient.query(QUESTION)).user;
  } catch {
    return null; // said where the session is shown
  }
}

const SessionContext = createContext<Session | undefined>(undefined);

/** Loads who is logged in and keeps it right: a 401 anywhere turns the visit into a guest's. */
export function SessionProvider({ children, loading }: { children: ReactNode; loading: ReactNode }) {
  const { data, error, isPending, isFetching, refetch } = useQuery(QUESTION);

  useEffect(
    () =>
      onUnauthorized(() => {
        queryClient.setQueryData<Session>(KEY, (old) => ({
          authenticated: false,
          csrf_token: old?.csrf_token ?? '',
          // Kept: the screen stays behind the log-in window with everything typed on it.
          user: old?.user ?? null,
        }));
      }),
    [],
  );

  const language = data?.user?.language;
  useEffect(() => {
    if (isLanguage(language)) void setLanguage(language);
  }, [language]);

  if (isPending) return loading;
  if (!data) {
    return (
      <Container size="xs" pt="20dvh">
        <Trouble error={error} retry={refetch} busy={isFetching} />
      </Container>
    );
  }
  return <SessionContext.Provider value={data}>{children}</SessionContext.Provider>;
}

/** The user logged in, or null for a guest. */
export function useUser(): UserMe | null {
  return useContext(SessionContext)?.user ?? null;
}

/** The user logged in, for screens that only they can reach. */
export function useMe(): UserMe {
  const user = useUser();
  if (!user) throw new Error('this screen needs a logged-in user');
  return user;
}

/** True while a session that was open here has ended and the person must log in again. */
export function useExpired(): boolean {
  const session = useContext(SessionContext);
  return session !== undefined && !session.authenticated && session.user !== null;
}

export async function logIn(login: string, password: string, code = ''): Promise<void> {
  enter(await startSession({ login, password, code }));
}

/** Makes the visit that of a user who has just logged in. */
export function enter(user: UserMe): void {
  const previous = queryClient.getQueryData<Session>(KEY);
  if (previous?.user && previous.user.id !== user.id) {
    // Another person: nothing of the former one's data may stay on the screen.
    window.location.assign('/');
    return;
  }
  queryClient.setQueryData<Session>(KEY, {
    authenticated: true,
    csrf_token: previous?.csrf_token ?? '',
    user,
  });
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
}

export async function logOut(): Promise<void> {
  switchOff();
  await endSession();
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
  queryClient.setQueryData<Session>(KEY, { authenticated: false, csrf_token: '', user: null });
}

export function rememberMe(user: UserMe): void {
  queryClient.setQueryData<Session>(KEY, (old) =>
    old ? { ...old, user } : { authenticated: true, csrf_token: '', user },
  );
}
