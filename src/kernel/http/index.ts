export { etagOf } from './conditional/etag.js';
export { IfMatch, NO_VERSION, RequireIfMatch } from './conditional/if-match.js';
export { canonicalText, INVISIBLE } from './input/canonical-text.js';
export { CheckedBy } from './input/checked-by.js';
export { ConvertFlag, ConvertNumber } from './input/convert-query.js';
export {
  EmailAddress,
  Flag,
  Identifier,
  Instant,
  ListOf,
  Matching,
  OneOf,
  Opaque,
  Satisfies,
  Text,
  type TextOptions,
  WholeNumber,
} from './input/fields.js';
export { NotBefore } from './input/not-before.js';
export { Nullable, Optional } from './input/optional.js';
export { CheckedParam, PathId } from './input/path-id.js';
export { requireObject, strictlyValidated } from './input/strict-validation.js';
export { Problems } from './openapi/problems.decorator.js';
export { Accepted, EventStream, NoContent, Ok, OrAccepted, otherSuccessesOf } from './output/answers.js';
export { Created } from './output/created.js';
export { bindingOf, Cursors } from './output/cursors.js';
export { type Page, PageOf, PageQuery, TOTAL_CAP, totalsOf } from './output/page.js';
export { View, type ViewClass } from './output/view.js';
export { API_PREFIX, configureHttp, prefixRoutes } from './configure-http.js';
export { HttpModule } from './http.module.js';
export { clientAddress } from './server/client-address.js';
export { fastifyAdapter, HttpAdapter } from './server/http-adapter.js';
export { buildOpenApi, operationIdOf, operationsOf } from './openapi/build-openapi.js';
export type { ApiTag, Document, Operation as DocumentedOperation, Schema } from './openapi/document.js';
export { exampleOf, givenExample, resolved } from './openapi/examples.js';
export { OpenRequests } from './rate-limit/open-requests.js';
export { RateWindows } from './rate-limit/rate-windows.repository.js';
export { handlersOf, type RouteHandler } from './routes/prepare-routes.js';
export { factsOf, type RouteFacts } from './routes/route-facts.js';
