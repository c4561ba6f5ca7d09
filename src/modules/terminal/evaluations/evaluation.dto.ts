import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { ListOf, Optional, Satisfies } from '../../../kernel/http/index.js';
import { AskedCommand } from '../judgement/asked-command.dto.js';
import { JudgementView } from '../judgement/judgement.view.js';

const MOST_COMMANDS = 100;

/** One command, or a list of them under `commands`. */
export class Evaluate extends PartialType(AskedCommand, { skipNullProperties: false }) {
  @ApiProperty({
    type: [AskedCommand],
    description: 'Several commands at once; each is judged by itself. Nothing else is given then.',
  })
  @Optional()
  @ListOf({ min: 1, max: MOST_COMMANDS })
  // A list inside the list would be taken for several of them.
  @Satisfies('object', 'must be objects', isObject, { each: true })
  @ValidateNested({ each: true })
  @Type(() => AskedCommand)
  commands?: AskedCommand[];
}

export const evaluateExamples = {
  text: {
    summary: 'A text, as typed',
    value: { command: 'git push origin main', mode: 'local', cwd: '/srv/app' },
  },
  argv: { summary: 'A list of arguments', value: { argv: ['git', 'status'], mode: 'server' } },
  several: {
    summary: 'Several commands',
    value: {
      commands: [
        { command: 'git status && git diff', mode: 'local' },
        { argv: ['rm', '-rf', '/'], mode: 'local' },
      ],
    },
  },
};

/** The answer about one command; about several it is in `results`, in their order. */
export class EvaluationView extends PartialType(JudgementView) {
  @ApiProperty({
    type: [JudgementView],
    required: false,
    description: 'With `commands`: what is decided about each, in their order.',
  })
  results?: JudgementView[];
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
