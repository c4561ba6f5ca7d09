import type { Client } from 'pg';

interface Node {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

/** What PostgreSQL did for a query: the kinds of its nodes, the rows it touched, those it sorted, and those it found. */
export async function queryPlan(client: Client, { text, values }: { text: string; values: unknown[] }) {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
    values,
  );
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    node.Plans?.forEach(visit);
  };
  visit(rows[0]['QUERY PLAN'][0].Plan);
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  return {
    kinds: nodes.map((node) => node['Node Type']),
    touched: Math.max(...nodes.map(touchedBy)),
    sorted: Math.max(0, ...sorts.flatMap((node) => node.Plans?.map(touchedBy) ?? [])),
    found: nodes[0]['Actual Rows'],
  };
}

function touchedBy(node: Node): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}
