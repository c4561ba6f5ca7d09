import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../../access/index.js';
import { NotFound, problemCatalogue, type ProblemType } from '../../problem/index.js';

class ProblemTypeView implements ProblemType {
  @ApiProperty({ type: String, description: 'Stable name to branch on.', example: 'not_found' })
  code: string;

  @ApiProperty({ type: 'integer', description: 'HTTP status.', example: 404 })
  status: number;

  @ApiProperty({
    type: String,
    description: 'The kind of problem in a few words.',
    example: 'Nothing was found here',
  })
  title: string;

  @ApiProperty({
    type: String,
    description: 'When it is answered.',
    example: 'The path names no route or resource.',
  })
  meaning: string;

  @ApiProperty({
    type: String,
    description: 'What the caller can do.',
    example: 'Check the path and the identifier.',
  })
  remedy: string;
}

/** The pages that the `type` of every problem points at. */
@ApiTags('Problems')
@Controller('problems')
export class ProblemTypesController {
  @Public()
  @Get(':code')
  @Header('cache-control', 'public, max-age=3600')
  @ApiOperation({
    summary: 'Explain a kind of problem',
    description: 'What the `type` of a problem points at.',
  })
  @ApiOkResponse({ type: ProblemTypeView })
  explain(@Param('code') code: string): ProblemTypeView {
    const type = problemCatalogue.get(code);
    if (type === undefined) throw new NotFound();
    return { ...type };
  }
}
