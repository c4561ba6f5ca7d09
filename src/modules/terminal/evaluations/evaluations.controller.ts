import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { CheckedBy, Ok, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { Evaluate, evaluateExamples, EvaluationView } from './evaluation.dto.js';
import { evaluationBody } from './evaluation-body.js';
import { EvaluationsService } from './evaluations.service.js';

@ApiTags('Terminal')
@Controller('terminal/evaluations')
@Authenticated()
export class EvaluationsController {
  constructor(private readonly evaluations: EvaluationsService) {}

  /** Tells what would be decided about a command, or about up to 100. Nothing is run and nothing is asked for. */
  @Post()
  @ApiBody({ type: Evaluate, examples: evaluateExamples })
  @Ok(EvaluationView)
  @Problems(ValidationFailed)
  evaluate(
    // `Readonly` is no class at run time, which leaves the judgement of the body to this check alone.
    @Body() @CheckedBy(evaluationBody) body: Readonly<Evaluate>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EvaluationView> {
    return this.evaluations.evaluate(body, principal);
  }
}
