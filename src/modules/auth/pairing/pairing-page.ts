import type { Configuration } from '../../../kernel/runtime/index.js';

/** The same for everybody and without a script: whoever sends somebody here can put nothing on it. */
export function pairingPage({ publicUrl, docs }: Configuration): string {
  const url = escaped(publicUrl);
  const json = `-H 'Content-Type: application/json'`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pair a device with Reeve</title></head>
<body>
<h1>Pair a device with Reeve</h1>
<p>A device, such as the <code>reeve</code> command, shows a code like <code>WDJB-MJHT</code> and asks for an API key of yours.
<strong>Go on only if you started it yourself just now.</strong> Nobody from Reeve will ever send you such a code.</p>
${docs ? inBrowser(url) : ''}<h2>In a terminal</h2>
<p>Sign in, and keep the access token:</p>
<pre>curl -s ${url}/api/v1/auth/login ${json} \\
  -d '{"login": "YOUR NAME", "password": "YOUR PASSWORD"}'
export TOKEN=...the accessToken of the answer...</pre>
<p>See which device waits, from where and since when:</p>
<pre>curl -s ${url}/api/v1/auth/pairings/WDJB-MJHT -H "Authorization: Bearer $TOKEN"</pre>
<p>If it is yours, let it in; <code>deny</code> in place of <code>confirm</code> turns it away:</p>
<pre>curl -s ${url}/api/v1/auth/pair/confirm -H "Authorization: Bearer $TOKEN" ${json} \\
  -d '{"userCode": "WDJB-MJHT"}'</pre>
<p>If you are told <code>step_up_required</code>, sign in again: it was more than 15 minutes ago.</p>
<p>The device gets its key within seconds, and you get a mail about it. Keys are listed and revoked at <code>/api/v1/auth/api-keys</code>.</p>
</body>
</html>
`;
}

function inBrowser(url: string): string {
  const page = (operationId: string, text: string) => `<a href="${url}/docs#/${operationId}">${text}</a>`;
  return `<h2>In the browser</h2>
<ol>
<li>${page('Authentication/loginLogin', 'Sign in')} with "Try it out", copy the <code>accessToken</code>, and put it into "Authorize" at the top.</li>
<li>${page('Device%20pairing/pairingLook', 'Look at the device')} that waits for the code: its name, its address, and when it asked.</li>
<li>${page('Device%20pairing/pairingConfirm', 'Confirm')} if it is yours, or ${page('Device%20pairing/pairingDeny', 'deny')}.</li>
</ol>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
