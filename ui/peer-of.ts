/** Whose member this is: a peer that was left out and comes back, or whose side was merged, has a new member id. */
export function peerOf({ id }: { readonly id: string }): string {
  return id.replace(/\.\d+$/, '')
}
