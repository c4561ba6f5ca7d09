import { ApiProperty } from '@nestjs/swagger';
import { ConvertNumber, Identifier, Nullable, Optional, WholeNumber } from '../../../kernel/http/index.js';

const HASH = { pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) };
const NOTE = {
  type: String,
  nullable: true,
  example: `reeve.example.org/audit/00000000-0000-7000-8000-000000000001\n1\nLXR3HlO/aRqILBxZjIdl6W9yYS5s3IpL519yXtiIwj8=\n\n— …\n`,
};
const LARGEST = Number.MAX_SAFE_INTEGER;

export class InclusionProofQuery {
  /** Id of the audit entry. */
  @Identifier({ example: '01936f5e-8000-7000-8000-000000000001' })
  entry: string;

  /** Size of the tree to prove it in; that of the newest checkpoint when left out. */
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 1, max: LARGEST, example: 4712 })
  treeSize?: number;
}

export class ConsistencyProofQuery {
  /** Size of the earlier tree. */
  @ConvertNumber()
  @WholeNumber({ min: 1, max: LARGEST, example: 4096 })
  from: number;

  /** Size of the later tree; that of the newest checkpoint when left out. */
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 1, max: LARGEST, example: 4712 })
  to?: number;
}

/** That an entry is in the log: to be checked as RFC 9162 §2.1.3.2 says. */
export class InclusionProofView {
  /** Id of the entry. */
  @Identifier({ example: '01936f5e-8000-7000-8000-000000000001' })
  entryId: string;

  /** Its place in the log. */
  @ApiProperty({ example: 4711 })
  seq: number;

  /** Hash of the entry, hexadecimal. */
  @ApiProperty(HASH)
  leafHash: string;

  /** Size of the tree. */
  @ApiProperty({ example: 4712 })
  treeSize: number;

  /** Root of the tree, hexadecimal. */
  @ApiProperty(HASH)
  rootHash: string;

  /** The audit path, from the leaf upwards, hexadecimal. */
  @ApiProperty({ type: [String], example: ['5c'.repeat(32)] })
  hashes: string[];

  /** The signed checkpoint of this size; null when there is none of it. */
  @Nullable()
  @ApiProperty(NOTE)
  checkpoint: string | null;
}

/** That the log has only grown between two sizes: to be checked as RFC 9162 §2.1.4.2 says. */
export class ConsistencyProofView {
  /** Size of the earlier tree. */
  @ApiProperty({ example: 4096 })
  from: number;

  /** Size of the later tree. */
  @ApiProperty({ example: 4712 })
  to: number;

  /** Root of the earlier tree, hexadecimal. */
  @ApiProperty(HASH)
  fromRootHash: string;

  /** Root of the later tree, hexadecimal. */
  @ApiProperty(HASH)
  toRootHash: string;

  /** The proof, hexadecimal. */
  @ApiProperty({ type: [String], example: ['5c'.repeat(32)] })
  hashes: string[];

  /** The signed checkpoint of the earlier size; null when there is none of it. */
  @Nullable()
  @ApiProperty(NOTE)
  fromCheckpoint: string | null;

  /** The signed checkpoint of the later size; null when there is none of it. */
  @Nullable()
  @ApiProperty(NOTE)
  toCheckpoint: string | null;
}
