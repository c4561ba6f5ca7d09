const SHOWS_MORE = Symbol('reeve:shows-more-than-version');

/**
 * The answer shows what its version does not count, such as what other resources say about it. Two answers of one version
 * may differ then, so this route never says 304; the version stays the ETag, for If-Match.
 */
export function ShowsMoreThanVersion(): MethodDecorator {
  return (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
    Reflect.defineMetadata(SHOWS_MORE, true, descriptor.value as object);
}

export function showsMoreThanVersion(handler: object): boolean {
  return Reflect.getMetadata(SHOWS_MORE, handler) === true;
}

/** Whether one of the tags in If-None-Match is this one, by the weak comparison that the header asks for. */
export function namesTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
