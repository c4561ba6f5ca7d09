export { ApplicationLog } from './application-log.js';
export { concealText, describeError } from './concealment.js';
export { DatabaseLog } from './database-log.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { mayReadMetrics } from './metrics-access.js';
export { Metrics, type PoolUse } from './metrics.js';
export { ObservabilityModule } from './observability.module.js';
export { isWorthALine, logRequestEnd } from './request-log.js';
export { workerLog } from './worker-log.js';
