export { AuditModule } from './audit.module.js';
export { AuditKeys } from './keys/audit-keys.js';
export { ProofsService } from './proofs/proofs.service.js';
export { Sealer } from './sealing/sealer.js';
