import { createPasskey, passkeyLogin, passkeyLoginOptions, passkeyOptions } from '../api/generated/ats';
import type { PasskeyOut, UserMe } from '../api/generated/model';

/** Whether this browser, at this address, can use passkeys (a secure context with a host name). */
export function passkeysWork(): boolean {
  const numeric = /^[\d.]+$|:/.test(window.location.hostname);
  return window.isSecureContext && typeof PublicKeyCredential !== 'undefined' && !numeric;
}

/** Makes a passkey on this device and stores its public part. Null: the person gave up. */
export async function makePasskey(name: string): Promise<PasskeyOut | null> {
  const { options } = await passkeyOptions();
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  return credential && createPasskey({ name, credential: json(credential) });
}

/** Logs in with a passkey of this device. Null: the person gave up. */
export async function enterWithPasskey(): Promise<UserMe | null> {
  const { options } = await passkeyLoginOptions();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  return credential && passkeyLogin({ credential: json(credential) });
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const found = await ask();
    return found instanceof PublicKeyCredential ? found : null;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'NotAllowedError') return null;
    throw failure;
  }
}

function json(credential: PublicKeyCredential): Record<string, unknown> {
  return { ...credential.toJSON() };
}
