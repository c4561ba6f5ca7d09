import { ApiProperty } from '@nestjs/swagger';
import { Flag, Identifier, ListOf, Opaque, Optional, OneOf, Satisfies } from '../../../kernel/http/index.js';

const MODES = ['local', 'server'] as const;
/** As much as a body can hold: what is too long for a command gets a verdict, not an error. */
const LONGEST_INPUT = 1_048_576;
const MOST_ARGUMENTS = 5_000;
const LONGEST_CWD = 1_024;
const MOST_VARIABLES = 100;
const LONGEST_NAME = 256;
/** Of names and values together: approvers are shown them all, in lists of many commands. */
const MOST_OF_VARIABLES = 20_000;

/** A command as somebody asks about it. Hidden characters and the like are no errors of the request; the verdict answers them. */
export class AskedCommand {
  @ApiProperty({
    description: 'The command as text, as a shell would get it. Give this or `argv`.',
    example: 'git push origin main',
  })
  @Optional()
  @Opaque({ min: 0, max: LONGEST_INPUT })
  command?: string;

  @ApiProperty({
    type: [String],
    description: 'The command as the list of its arguments: no shell sees it. The preferred form.',
    example: ['git', 'status'],
  })
  @Optional()
  @ListOf({ max: MOST_ARGUMENTS })
  @Satisfies('string', 'must be texts', (value) => typeof value === 'string', { each: true })
  argv?: string[];

  @ApiProperty({ description: 'The directory to run in.', example: '/srv/app' })
  @Optional()
  @Opaque({ min: 0, max: LONGEST_CWD })
  cwd?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Variables to set, by name.',
    example: { CI: '1' },
  })
  @Optional()
  @Satisfies(
    'string_map',
    `must be an object of at most ${MOST_VARIABLES} texts, together at most ${MOST_OF_VARIABLES} characters long`,
    isEnvironment,
  )
  env?: Record<string, string>;

  @ApiProperty({ description: "Where it is to run: on the caller's own machine, or on the server." })
  @OneOf(MODES)
  mode: (typeof MODES)[number];

  @ApiProperty({ description: 'The gateway it is meant for.' })
  @Optional()
  @Identifier()
  gatewayId?: string;

  @ApiProperty({
    description:
      'Whether a person can be asked. False: nobody waits for an answer; on the server what would need a person is denied, on the own machine the setting `terminal.nonInteractiveDefault` decides.',
  })
  @Optional()
  @Flag({ example: true })
  interactive?: boolean;
}

function isEnvironment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  if (entries.length > MOST_VARIABLES) return false;
  if (!entries.every(([name, text]) => name.length <= LONGEST_NAME && typeof text === 'string')) return false;
  return entries.flat().join('').length <= MOST_OF_VARIABLES;
}
