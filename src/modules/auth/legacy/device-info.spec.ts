import { readDeviceInfo } from './device-info.js';

const DEFAULTS = { deviceFingerprint: 'unknown', deviceLabel: 'Unknown device', ip: null, userAgent: null };

describe('readDeviceInfo', () => {
  it('reads what is there', () => {
    const text = '{"fingerprint":"f1","label":"Phone","ip":"203.0.113.7","user_agent":"Curl"}';
    const read = { deviceFingerprint: 'f1', deviceLabel: 'Phone', ip: '203.0.113.7', userAgent: 'Curl' };
    expect(readDeviceInfo(text)).toEqual(read);
  });

  it.each([null, '', '{', 'null', '[]', '5', '"text"', '{"label":{}}', '{"ip":""}'])(
    'has defaults for %j',
    (text) => {
      expect(readDeviceInfo(text)).toEqual(DEFAULTS);
    },
  );

  it('cuts what is too long and drops what no column takes', () => {
    const { deviceLabel, deviceFingerprint } = readDeviceInfo(
      JSON.stringify({ label: `a\u0000b${'𝔘'.repeat(300)}`, fingerprint: '\ud800x' }),
    );
    expect([...deviceLabel]).toHaveLength(256);
    expect(deviceLabel.startsWith('ab𝔘')).toBe(true);
    expect(deviceFingerprint).toBe('\ufffdx');
  });
});
