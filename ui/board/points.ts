import { pointSize, sheet } from './thing.ts'

/** Five bytes a point: x and y in tenths of a unit, two bytes each, and pressure. A stroke costs a codec as much as its bytes. */
export function packPoints(points: readonly number[]): Uint8Array {
  const count = Math.floor(points.length / pointSize)
  const bytes = new Uint8Array(count * packedSize)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < count; i++) {
    view.setInt16(i * packedSize, Math.round(points[i * pointSize]! * 10))
    view.setInt16(i * packedSize + 2, Math.round(points[i * pointSize + 1]! * 10))
    view.setUint8(i * packedSize + 4, points[i * pointSize + 2]!)
  }
  return bytes
}

/** The points of a value of others: all on the sheet, at most `countMax`; none where these are no packed points. */
export function unpackPoints(packed: unknown, countMax: number): number[] {
  if (!(packed instanceof Uint8Array) || packed.length % packedSize !== 0) return []
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const count = Math.min(packed.length / packedSize, countMax)
  const points: number[] = []
  for (let i = 0; i < count; i++) {
    points.push(
      clampX(view.getInt16(i * packedSize) / 10),
      clampY(view.getInt16(i * packedSize + 2) / 10),
      Math.min(view.getUint8(i * packedSize + 4), 100),
    )
  }
  return points
}

/** A point as it travels: on the sheet, in tenths of a unit, so that who draws it has the same one as who is sent it. */
export function asPoint(x: number, y: number, pressure: number): Point {
  return [tenths(clampX(x)), tenths(clampY(y)), Math.round(Math.min(Math.max(pressure, 0), 100))]
}

/** x, y in units of the sheet, pressure in percent. */
export type Point = readonly [x: number, y: number, pressure: number]

const packedSize = 5

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function clampX(x: number): number {
  return Math.min(Math.max(x, sheet.left), sheet.right)
}

function clampY(y: number): number {
  return Math.min(Math.max(y, sheet.top), sheet.bottom)
}
