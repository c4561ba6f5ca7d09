/** The name that a tenant's log gets with its first checkpoint: a URL without a scheme, as C2SP tlog-checkpoint asks for. */
export function originOf(publicUrl: string, tenantId: string): string {
  return `${new URL(publicUrl).host}/audit/${tenantId}`;
}
