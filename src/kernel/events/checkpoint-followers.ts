import { Injectable } from '@nestjs/common';

/** The signed state of a tenant's audit log, for carrying out of the database's reach. */
export interface AnnouncedCheckpoint {
  /** Ascending over all tenants in the order of commits: a number of up to 19 digits. */
  readonly position: string;
  readonly tenantId: string;
  readonly treeSize: number;
  /** Hexadecimal. */
  readonly rootHash: string;
  readonly keyId: string;
  /** C2SP signed note, byte for byte. */
  readonly note: string;
  readonly createdAt: Date;
}

/** Somebody who takes checkpoints elsewhere: a file, a webhook, a witness. The event is called `audit.checkpoint`. */
export interface CheckpointFollower {
  readonly name: string;
  /** The position of the last checkpoint it has for good, '0' when none; asked once per process. */
  lastPosition(): Promise<string>;
  /**
   * In order, none left out, some again after a crash or from another process. What is thrown is logged, and the same
   * ones come again a second later.
   */
  receive(checkpoints: readonly AnnouncedCheckpoint[]): Promise<void>;
}

/** Whoever registers here before the start hears of every checkpoint, wherever checkpoints are made. */
@Injectable()
export class CheckpointFollowers {
  readonly all: CheckpointFollower[] = [];

  register(follower: CheckpointFollower): void {
    this.all.push(follower);
  }
}
