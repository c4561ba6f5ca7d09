import type { Configuration } from '../kernel/runtime/index.js';

export interface SetupInvitation {
  readonly url: string;
  readonly token: string;
}

/** The first words to a person who has just started the service; not part of the JSON log. */
export function welcome(
  { publicUrl, docs, servesHttp }: Configuration,
  address: string,
  setup: SetupInvitation | null,
): string {
  const lines = [`Reeve is listening on ${address}`];
  if (address !== publicUrl) lines.push(`Its users go to       ${publicUrl}`);
  if (docs && servesHttp) lines.push(`Swagger UI   ${publicUrl}/docs`);
  if (setup !== null) {
    lines.push(
      '',
      'Nobody has signed in here yet. Whoever opens this link, or sends this token to POST /api/v1/auth/setup,',
      'becomes the first administrator. It works once, within 24 hours:',
      `Set-up link  ${setup.url}`,
      `Set-up token ${setup.token}`,
    );
  }
  return `\n${lines.join('\n')}\n\n`;
}
