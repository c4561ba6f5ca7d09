import { UNKNOWN_DEVICE, UNKNOWN_FINGERPRINT } from '../sessions/session.entity.js';

export interface LegacyDevice {
  readonly deviceFingerprint: string;
  readonly deviceLabel: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** What can be read of `{fingerprint, label, ip, user_agent}`; whatever is broken or missing has its default. */
export function readDeviceInfo(text: string | null): LegacyDevice {
  const { fingerprint, label, ip, user_agent: userAgent } = membersOf(text);
  return {
    deviceFingerprint: readable(fingerprint, 128) ?? UNKNOWN_FINGERPRINT,
    deviceLabel: readable(label, 256) ?? UNKNOWN_DEVICE,
    ip: readable(ip, 64),
    userAgent: readable(userAgent, 512),
  };
}

function membersOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The text, cut to so many characters; characters that no column or screen can take are dropped. */
function readable(value: unknown, max: number): string | null {
  if (typeof value !== 'string') return null;
  const text = [...value.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]/g, '')]
    .slice(0, max)
    .join('')
    .trim();
  return text === '' ? null : text;
}
