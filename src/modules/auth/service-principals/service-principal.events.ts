import { fact } from '../../../kernel/events/index.js';

const resourceType = 'service';

export class ServiceCreated extends fact<{ name: string }>({
  action: 'service.create',
  resourceType,
  summary: 'A service principal was created.',
  public: true,
  detail: { name: { type: 'string' } },
  example: { name: 'nightly-deploy' },
}) {}

export class ServiceUpdated extends fact<{ changed: string[] }>({
  action: 'service.update',
  resourceType,
  summary: 'A service principal was changed.',
  public: true,
  detail: { changed: { type: 'array', items: { type: 'string' } } },
  example: { changed: ['isActive'] },
}) {}

export class ServiceDeleted extends fact<{ name: string; deletedKeys: number }>({
  action: 'service.delete',
  resourceType,
  summary: 'A service principal was deleted, and its keys with it.',
  public: true,
  detail: { name: { type: 'string' }, deletedKeys: { type: 'integer', minimum: 0 } },
  example: { name: 'nightly-deploy', deletedKeys: 1 },
}) {}
