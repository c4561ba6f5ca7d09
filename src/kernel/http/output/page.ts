import type { Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ConvertFlag, ConvertNumber } from '../input/convert-query.js';
import { Flag, Opaque, WholeNumber } from '../input/fields.js';
import { Optional } from '../input/optional.js';

/** Totals are counted up to here, so that counting never costs more than this many rows. */
export const TOTAL_CAP = 1_000;
const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 200;
const LONGEST_CURSOR = 1_024;

/** Query of every list; extend it with the filters of the list. */
export class PageQuery {
  /** How many items to return at most. */
  @ApiPropertyOptional({
    description: 'How many items to return at most.',
    default: DEFAULT_LIMIT,
    example: 50,
  })
  @ConvertNumber()
  @WholeNumber({ min: 1, max: LARGEST_LIMIT })
  limit: number = DEFAULT_LIMIT;

  /** `nextCursor` of the page before, with the same filters. */
  @ApiPropertyOptional({ description: '`nextCursor` of the page before, with the same filters.' })
  @Optional()
  @Opaque({ max: LONGEST_CURSOR, min: 0 })
  cursor?: string;

  /** Whether to count the items, up to 1,000. */
  @ApiPropertyOptional({ description: 'Whether to count the items, up to 1,000.', example: false })
  @Optional()
  @ConvertFlag()
  @Flag()
  total?: boolean;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly total?: number;
  readonly totalCapped?: boolean;
}

const pageClasses = new WeakMap<Type<unknown>, Type<unknown>>();

/** The documented shape of a page of these views: `@ApiOkResponse({ type: PageOf(UserView) })`. */
export function PageOf<Item>(view: Type<Item>): Type<Page<Item>> {
  const known = pageClasses.get(view);
  if (known !== undefined) return known as Type<Page<Item>>;

  class PageOfViews {
    @ApiProperty({ type: [view] })
    readonly items: Item[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'Give it as `cursor` to get the next page; null on the last one.',
      example: null,
    })
    readonly nextCursor: string | null;

    @ApiPropertyOptional({
      type: Number,
      description: 'With `total=true`: how many items match, counted up to 1,000.',
    })
    readonly total?: number;

    @ApiPropertyOptional({ type: Boolean, description: 'Whether there are more items than were counted.' })
    readonly totalCapped?: boolean;
  }

  Object.defineProperty(PageOfViews, 'name', { value: `${view.name.replace(/View$/, '')}Page` });
  pageClasses.set(view, PageOfViews);
  return PageOfViews;
}

/** The members that `?total=true` adds; give it the count of at most `TOTAL_CAP + 1` rows. */
export function totalsOf(counted: number): { total: number; totalCapped: boolean } {
  return { total: Math.min(counted, TOTAL_CAP), totalCapped: counted > TOTAL_CAP };
}
