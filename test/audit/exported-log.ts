import type pg from 'pg';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifierKey } from '../../src/modules/audit/checkpoints/checkpoint-note.js';

export interface ExportedEntry extends Record<string, unknown> {
  seq: number;
  id: string;
  leafHash: string;
  detail: string;
  personal: Record<string, string | null> | null;
}
export interface ExportedCheckpoint {
  treeSize: number;
  rootHash: string;
  keyId: string;
  createdAt: string;
  prevCheckpoint: number | null;
  note: string;
}
export interface ExportedKey {
  keyId: string;
  algorithm: string;
  publicKey: string;
  vkey: string;
  previousKeyId: string | null;
  endorsement: string | null;
  createdAt: string;
}

/** An export as docs/audit-format.md describes it, in parts that a test can tamper with. */
export interface ExportedLog {
  header: {
    format: string;
    tenantId: string;
    exportedAt: string;
    firstSeq: number;
    lastSeq: number;
    frontier: string[];
  };
  entries: ExportedEntry[];
  checkpoints: ExportedCheckpoint[];
  keys: ExportedKey[];
}

export async function exported(client: pg.Client, tenantId: string): Promise<ExportedLog> {
  const rows = async <Row>(text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows as Row[];
  const entries = await rows<ExportedEntry>(
    `SELECT l.seq::int, encode(l.leaf_hash, 'hex') AS "leafHash", e.id, e.tenant_id AS "tenantId",
            to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "occurredAt",
            e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.actor_role AS "actorRole", e.on_behalf_of AS "onBehalfOf",
            e.delegation_path AS "delegationPath", e.action, e.resource_type AS "resourceType", e.resource_id AS "resourceId",
            e.department_id AS "departmentId", e.gateway_id AS "gatewayId", e.gateway_name AS "gatewayName", e.outcome,
            e.request_id AS "requestId", e.approval_id AS "approvalId", e.command_id AS "commandId",
            e.event_code AS "eventCode", e.detail, encode(e.personal_digest, 'hex') AS "personalDigest",
            CASE WHEN p.salt IS NOT NULL THEN json_build_object('salt', encode(p.salt, 'hex'), 'actorName', p.actor_name,
              'clientIp', p.client_ip, 'userAgent', p.user_agent, 'detail', p.detail) END AS personal
       FROM audit_leaves l JOIN audit_entries e ON e.id = l.entry_id LEFT JOIN audit_personal p ON p.entry_id = e.id
      WHERE l.tenant_id = $1 ORDER BY l.seq`,
    [tenantId],
  );
  const checkpoints = await rows<ExportedCheckpoint>(
    `SELECT tree_size::int AS "treeSize", encode(root_hash, 'hex') AS "rootHash", key_id AS "keyId", created_at AS "createdAt",
            prev_checkpoint::int AS "prevCheckpoint", note FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY tree_size`,
    [tenantId],
  );
  const origin = checkpoints[0].note.slice(0, checkpoints[0].note.indexOf('\n'));
  const keys = await rows<{
    keyId: string;
    publicKey: Buffer;
    previousKeyId: string | null;
    endorsement: Buffer | null;
    createdAt: string;
  }>(
    `SELECT key_id AS "keyId", public_key AS "publicKey", previous_key_id AS "previousKeyId", endorsement, created_at AS "createdAt"
       FROM audit_keys ORDER BY created_at`,
  );
  return {
    header: {
      format: 'reeve-audit/1',
      tenantId,
      exportedAt: '2026-01-06T00:00:00.000Z',
      firstSeq: 0,
      lastSeq: entries.length - 1,
      frontier: [],
    },
    entries,
    checkpoints,
    keys: keys.map(({ publicKey, endorsement, ...key }) => ({
      ...key,
      algorithm: 'ed25519',
      publicKey: publicKey.toString('base64'),
      vkey: verifierKey(origin, publicKey),
      endorsement: endorsement?.toString('base64') ?? null,
    })),
  };
}

export function linesOf({ header, entries, checkpoints, keys }: ExportedLog): string {
  const lines = [
    header,
    ...entries,
    ...checkpoints.map((checkpoint) => ({ checkpoint })),
    ...keys.map((key) => ({ key })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A directory of files that a test gives to the verifier. */
export class Files {
  private readonly directory = mkdtempSync(join(tmpdir(), 'reeve-audit-'));

  write(content: string): string {
    const path = join(this.directory, randomBytes(6).toString('hex'));
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
