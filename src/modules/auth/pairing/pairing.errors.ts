import { problem } from '../../../kernel/problem/index.js';

/** What a device is told while it waits: the codes of RFC 8628 §3.5, as problem documents like everything else. */
function waiting(intervalSeconds: number) {
  return { members: { interval: intervalSeconds }, headers: { 'Retry-After': String(intervalSeconds) } };
}

export class AuthorizationPending extends problem({
  status: 400,
  code: 'authorization_pending',
  title: 'Nobody has decided yet',
  meaning: 'The person has neither approved nor denied the device.',
  remedy: 'Ask again after the seconds in Retry-After, which the member `interval` says as well.',
}) {
  constructor(intervalSeconds: number) {
    super('Nobody has confirmed the code yet.', waiting(intervalSeconds));
  }
}

export class SlowDown extends problem({
  status: 400,
  code: 'slow_down',
  title: 'The device asks too often',
  meaning:
    'Nobody has decided yet, and the device asked again before its interval was over. The interval has grown.',
  remedy:
    'Leave the seconds in Retry-After, which the member `interval` says as well, between all questions.',
}) {
  constructor(intervalSeconds: number) {
    super(`Leave ${intervalSeconds} seconds between two questions.`, waiting(intervalSeconds));
  }
}

export class PairingExpired extends problem({
  status: 400,
  code: 'expired_token',
  title: 'The device code is not valid',
  meaning: 'The device code is unknown, was exchanged for a key already, or has expired.',
  remedy: 'Start the pairing again and confirm the new code.',
}) {
  constructor() {
    super('The device code has expired or was used.');
  }
}

export class PairingDenied extends problem({
  status: 400,
  code: 'access_denied',
  title: 'The device was not let in',
  meaning: 'The person denied the device, or lost access before it asked for its key.',
  remedy: 'Stop asking. Start again if it was a mistake.',
}) {
  constructor() {
    super('The request of this device was denied.');
  }
}

export class TooManyUserCodes extends problem({
  status: 429,
  code: 'too_many_codes',
  title: 'Too many wrong codes',
  meaning: 'This user, or this address, has given too many codes that no device waits for.',
  remedy: 'Wait for the seconds in Retry-After, then read the code from the device again.',
}) {
  constructor(retryAfterSeconds: string) {
    super('Too many wrong codes; try again later.', { headers: { 'Retry-After': retryAfterSeconds } });
  }
}
