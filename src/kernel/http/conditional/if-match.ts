import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../../problem/index.js';

/** A version no resource has: for conditions that can match nothing, such as a weak tag (RFC 9110 §13.1.1). */
export const NO_VERSION = -1;

const REQUIRES_IF_MATCH = Symbol('reeve:requires-if-match');

/**
 * The version that If-Match demands, or null when any will do (no header, or `*`). `-1` matches no version: compare it
 * like any other. Several different tags are refused, because a version can only be one of them.
 */
export const IfMatch = createParamDecorator(readsIfMatch);

/** Exported so that the documentation can tell which routes read the header. */
export function readsIfMatch(_: unknown, context: ExecutionContext): number | null {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  return header === undefined ? null : demandedVersion(header);
}

/** The route answers 428 without If-Match, since it changes what others may be changing too. */
export function RequireIfMatch(): MethodDecorator {
  return applyDecorators(
    (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
      Reflect.defineMetadata(REQUIRES_IF_MATCH, true, descriptor.value as object),
    ApiExtension('x-if-match', 'required'),
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'ETag of the version to change.',
      schema: { type: 'string', example: '"3"' },
    }),
  );
}

export function requiresIfMatch(handler: object): boolean {
  return Reflect.getMetadata(REQUIRES_IF_MATCH, handler) === true;
}

export function demandedVersion(header: string): number | null {
  if (header.trim() === '*') return null;
  const versions = new Set(entityTags(header).map(versionOf));
  versions.delete(NO_VERSION);
  if (versions.size > 1) throw new MalformedRequest('If-Match names several versions; name one.');
  const [version = NO_VERSION] = versions;
  return version;
}

/** Whether one of the tags in If-None-Match is this one, by the weak comparison that the header asks for. */
export function namesTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
const OWN_TAG = /^"(0|[1-9]\d{0,8})"$/;

function entityTags(header: string): string[] {
  const tags = header.split(',').map((tag) => tag.trim());
  const present = tags.filter((tag) => tag !== '');
  if (present.length === 0 || !present.every((tag) => ENTITY_TAG.test(tag))) {
    throw new MalformedRequest(
      'If-Match is not an entity tag; send the ETag as it was received, with its quotes.',
    );
  }
  return present;
}

function versionOf(tag: string): number {
  const own = OWN_TAG.exec(tag);
  return own === null ? NO_VERSION : Number(own[1]);
}
