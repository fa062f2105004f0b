import { encode } from 'uqr'

const namespace = 'http://www.w3.org/2000/svg'

/** A QR code of a text, as a picture: dark on light in every colour scheme, which is what cameras read. */
export function qrCode(text: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  const picture = document.createElementNS(namespace, 'svg')
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
  picture.setAttribute('class', 'qr-code')
  picture.setAttribute('role', 'img')
  picture.setAttribute('aria-label', 'The invite link as a QR code, for the camera of a phone')
  const dots = document.createElementNS(namespace, 'path')
  const row = (cells: readonly boolean[], y: number): string =>
    cells.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])).join('')
  dots.setAttribute('d', data.map(row).join(''))
  picture.append(dots)
  return picture
}
