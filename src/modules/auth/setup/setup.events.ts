import { fact } from '../../../kernel/events/index.js';

export class InstallationSetUp extends fact<{ by: 'token' | 'configuration' }>({
  action: 'user.setup',
  resourceType: 'user',
  summary: 'The first administrator of a fresh install was created.',
  public: true,
  detail: { by: { enum: ['token', 'configuration'] } },
  example: { by: 'token' },
}) {}
