/** A digest of bytes for the trace: 64 bits of FNV-1a in hex. It tells states apart; it protects nothing. */
export function digestOf(bytes: Uint8Array): string {
  return fnv(bytes, 0x811c9dc5) + fnv(bytes, 0x050c5d1f)
}

function fnv(bytes: Uint8Array, seed: number): string {
  let hash = seed
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
