/** Every problem code with its status, meaning and remedy. */
export function problemsPage({ problemCatalogue }) {
  const types = [...problemCatalogue.values()].sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
  return `${HEAD}${types.map(section).join('\n')}`;
}

const HEAD = `# Problems

Errors are \`application/problem+json\` (RFC 9457). \`code\` is stable: branch on it, not on the texts. The \`type\` of a
problem is \`<REEVE_PUBLIC_URL>/problems/<code>\` and is served by every installation. Generated from the declarations in
the code.

`;

function section({ code, status, title, meaning, remedy }) {
  return `## \`${code}\` (${status})\n\n**${title}.** ${meaning}\n\nRemedy: ${remedy}\n`;
}
