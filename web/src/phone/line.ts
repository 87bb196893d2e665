import { UA, WebSocketInterface } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';

import type { Credentials } from '../api/generated/model';

export interface LineCall {
  number: string;
  incoming: boolean;
  /** calling | ringing (it rings here) | talking */
  stage: 'calling' | 'ringing' | 'talking';
  held: boolean;
  muted: boolean;
  /** When the talk began, by this computer's clock. */
  since: number | null;
}

export interface LineEvents {
  onStatus: (status: 'connecting' | 'ready' | 'failed', why: string) => void;
  onCall: (call: LineCall | null) => void;
  onSound: (stream: MediaStream) => void;
}

const RING_MS = 3000;
const HOLD_AGAIN_MS = 200;

/** A telephone line in the browser: SIP over the cabinet's own WebSocket, one call at a time. */
export class Line {
  private readonly ua: UA;
  private session: RTCSession | null = null;
  private call: LineCall | null = null;
  private ringing: number | undefined;
  private holding: number | undefined;

  constructor(
    credentials: Credentials,
    private readonly events: LineEvents,
  ) {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const host = window.location.hostname.includes(':') ? `[${window.location.hostname}]` : window.location.hostname;
    this.ua = new UA({
      sockets: [new WebSocketInterface(`${scheme}://${window.location.host}/ws`)],
      uri: `sip:${credentials.login}@${host}`,
      authorization_user: credentials.login,
      password: credentials.password,
      user_agent: 'Canmos web phone',
      session_timers: false,
      register_expires: 120,
    });
    this.ua.on('registered', () => events.onStatus('ready', ''));
    this.ua.on('registrationFailed', ({ cause }) => events.onStatus('failed', cause ?? ''));
    this.ua.on('disconnected', () => events.onStatus('connecting', ''));
    this.ua.on('newRTCSession', ({ session }: { session: RTCSession }) => {
      if ((session.direction as string) === 'incoming') this.take(session);
    });
    events.onStatus('connecting', '');
    this.ua.start();
  }

  dial(number: string): void {
    if (this.session) return;
    const session = this.ua.call(number, { mediaConstraints: { audio: true, video: false } });
    this.follow(session, { number, incoming: false, stage: 'calling', held: false, muted: false, since: null });
    this.listen(session.connection);
  }

  answer(): void {
    this.session?.answer({ mediaConstraints: { audio: true, video: false } });
  }

  end(): void {
    const declined = this.call?.stage === 'ringing';
    this.session?.terminate(declined ? { status_code: 486, reason_phrase: 'Busy Here' } : {});
  }

  /** While an offer is under way JsSIP takes no other: what was wanted last is tried again until it is so. */
  hold(on: boolean): void {
    window.clearTimeout(this.holding);
    if (!this.session || this.session.isOnHold().local === on) return;
    const taken = on ? this.session.hold() : this.session.unhold();
    if (!taken) this.holding = window.setTimeout(() => this.hold(on), HOLD_AGAIN_MS);
  }

  mute(on: boolean): void {
    if (on) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.change({ muted: on });
  }

  /** Gives the call to another number; ours ends when the exchange has taken it over. */
  transfer(number: string): void {
    const session = this.session;
    session?.refer(number, { eventHandlers: { accepted: () => session.terminate() } });
  }

  tone(key: string): void {
    this.session?.sendDTMF(key, { transportType: 'RFC2833' as never });
  }

  stop(): void {
    this.silence();
    this.ua.stop();
  }

  private take(session: RTCSession): void {
    if (this.session) {
      session.terminate({ status_code: 486, reason_phrase: 'Busy Here' });
      return;
    }
    const number = session.remote_identity.uri.user ?? '';
    session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) =>
      this.listen(peerconnection),
    );
    this.follow(session, { number, incoming: true, stage: 'ringing', held: false, muted: false, since: null });
    ring();
    this.ringing = window.setInterval(ring, RING_MS);
  }

  private follow(session: RTCSession, call: LineCall): void {
    this.session = session;
    this.call = call;
    this.events.onCall(call);
    const over = () => {
      this.silence();
      this.session = null;
      this.call = null;
      this.events.onCall(null);
    };
    session.on('accepted', () => {
      this.silence();
      this.change({ stage: 'talking', since: Date.now() });
    });
    const ours = ({ originator }: { originator: string }) => originator === 'local';
    session.on('hold', (event) => ours(event) && this.change({ held: true }));
    session.on('unhold', (event) => ours(event) && this.change({ held: false }));
    session.on('ended', over);
    session.on('failed', over);
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ streams, track }) =>
      this.events.onSound(streams[0] ?? new MediaStream([track])),
    );
  }

  private change(part: Partial<LineCall>): void {
    if (!this.call) return;
    this.call = { ...this.call, ...part };
    this.events.onCall(this.call);
  }

  private silence(): void {
    window.clearInterval(this.ringing);
  }
}

/** Two short tones; a browser that allows no sound before a click stays silent. */
function ring(): void {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0.08;
  gain.connect(context.destination);
  for (const [at, pitch] of [[0, 660], [0.25, 880]] as const) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + at + 0.2);
  }
  window.setTimeout(() => void context.close(), 1000);
}
