import { fact } from '../../../kernel/events/index.js';

export class InstallationSetUp extends fact<{ by: 'token' | 'configuration' | 'command' }>({
  action: 'user.setup',
  resourceType: 'user',
  summary:
    'The first administrator of a fresh install was created, or another one by a command of whoever runs the service.',
  public: true,
  detail: { by: { enum: ['token', 'configuration', 'command'] } },
  example: { by: 'token' },
}) {}
