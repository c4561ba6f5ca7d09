import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';

/** The one source of randomness; cryptographically secure. */
@Injectable()
export class Entropy {
  bytes(count: number): Buffer {
    return randomBytes(count);
  }
}
