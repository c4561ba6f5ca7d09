import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';

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
