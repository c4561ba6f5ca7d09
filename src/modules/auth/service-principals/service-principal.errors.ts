import { problem, type Problem } from '../../../kernel/problem/index.js';

export class ServiceNameTaken extends problem({
  status: 409,
  code: 'service_name_taken',
  title: 'The service name is taken',
  meaning: 'Another service principal has this name.',
  remedy: 'Choose another name.',
}) {}

/** What the unique constraint of the table means to a caller. */
export const uniqueServiceName: Readonly<Record<string, () => Problem>> = {
  uq_service_principals_name: () => new ServiceNameTaken(),
};
