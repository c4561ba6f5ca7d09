/** What runs on Node 20 and later but is not in the types that the compiler targets. */
declare module 'fastify/lib/symbols.js' {
  const symbols: { readonly kRouteContext: symbol };
  export default symbols;
}

/** ES2024. */
interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}
