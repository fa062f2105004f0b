/** About how much memory a value takes that came by a multicast: its texts and bytes, and a little for each piece of it. */
export function valueBytes(value: unknown): number {
  let bytes = 0
  const pieces: unknown[] = [value]
  while (pieces.length > 0) {
    const piece = pieces.pop()
    bytes += pieceBytes
    if (typeof piece === 'string') bytes += 2 * piece.length
    else if (piece instanceof Blob) bytes += piece.size
    else if (ArrayBuffer.isView(piece)) bytes += piece.byteLength
    else if (typeof piece === 'object' && piece !== null) for (const inner of Object.values(piece)) pieces.push(inner)
  }
  return bytes
}

const pieceBytes = 16
