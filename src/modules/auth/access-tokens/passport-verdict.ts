import type { Strategy } from 'passport-jwt';
import { Unauthorized } from '../../../kernel/problem/index.js';

/** What passport adds to a strategy for the length of one request. */
interface Attempt {
  success(result: unknown): void;
  fail(): void;
  error(error: Error): void;
}

/**
 * What a passport strategy says about one request. Our guard, not passport's middleware, decides who may pass, so the
 * three answers of a strategy are turned into a promise here.
 *
 * @throws Unauthorized when the strategy fails, whatever its reason
 */
export function passportVerdict<Request, Result>(strategy: Strategy, request: Request): Promise<Result> {
  return new Promise((resolve, reject) => {
    const attempt = Object.create(strategy) as Strategy & Attempt;
    attempt.success = (result) => resolve(result as Result);
    attempt.fail = () => reject(new Unauthorized());
    attempt.error = reject;
    void attempt.authenticate(request as never);
  });
}
