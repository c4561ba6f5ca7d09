/** Every fact that is recorded, with a JSON Schema of its detail and an example. */
export function eventsCatalogue({ factCatalogue }) {
  const facts = [...factCatalogue.values()].sort((a, b) => (a.action < b.action ? -1 : 1));
  return `${JSON.stringify({ events: facts.map(entryOf) }, null, 2)}\n`;
}

function entryOf({ action, resourceType, summary, public: isPublic, detail, example }) {
  return {
    action,
    resourceType,
    summary,
    public: isPublic,
    detail: { type: 'object', properties: detail, required: Object.keys(example), additionalProperties: false },
    example,
  };
}
