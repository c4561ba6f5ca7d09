import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  getSchemaPath,
} from '@nestjs/swagger';

/** 200 with this body; also for POST routes that create nothing. */
export function Ok(view: Type<unknown>, description = ''): MethodDecorator {
  return applyDecorators(HttpCode(200), ApiOkResponse({ type: view, description }));
}

/** 202: taken on and done later, or not worth telling; no body unless a view is given. */
export function Accepted(view?: Type<unknown>): MethodDecorator {
  return applyDecorators(HttpCode(202), ApiAcceptedResponse(view === undefined ? {} : { type: view }));
}

/** 204: done, nothing to say. */
export function NoContent(): MethodDecorator {
  return applyDecorators(HttpCode(204), ApiNoContentResponse());
}

const OTHER_SUCCESSES = Symbol('reeve:other-successes');

/** Beside its usual success the route may answer 202, when what was asked for waits for somebody; the handler sets that status. */
export function OrAccepted(view: Type<unknown>, description: string): MethodDecorator {
  return applyDecorators(
    ApiAcceptedResponse({ type: view, description }),
    (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
      Reflect.defineMetadata(OTHER_SUCCESSES, [202], descriptor.value as object),
  );
}

/** Statuses of success that a route answers beside its usual one. */
export function otherSuccessesOf(handler: object): readonly number[] {
  return (Reflect.getMetadata(OTHER_SUCCESSES, handler) as number[] | undefined) ?? [];
}

/**
 * 200 with a stream of server-sent events that goes on until one side ends it. The views are those of the data of its
 * events. OpenAPI 3.1 has no words for events, so the schema is that of their text, with theirs as its content.
 */
export function EventStream(
  views: readonly [Type<unknown>, ...Type<unknown>[]],
  description: string,
): MethodDecorator {
  const ofEvents = views.map((view) => ({ $ref: getSchemaPath(view) }));
  const contentSchema = ofEvents.length === 1 ? ofEvents[0] : { anyOf: ofEvents };
  const schema: object = { type: 'string', contentMediaType: 'application/json', contentSchema };
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(...views),
    ApiOkResponse({ description, content: { 'text/event-stream': { schema, example: EXAMPLE_EVENT } } }),
  );
}

const EXAMPLE_EVENT = 'id: 1\nevent: example\ndata: {}\n\n';
