import { measure, measureFolders, type Size } from './measure.ts'

/** `npm run size`: what a page loads, and which folder it is in. */
const { all, atOnce, ours } = await measure()
console.log('                      minified    zipped')
print('all', all)
print('without a server', atOnce)
print('ours', ours)
const folders = await measureFolders()
for (const share of folders.sort((a, b) => b.gzippedBytes - a.gzippedBytes)) print(share.folder, share)

function print(name: string, { minifiedBytes, gzippedBytes }: Size): void {
  console.log(`${name.padEnd(20)} ${kib(minifiedBytes)} ${kib(gzippedBytes)}`)
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(5)} KiB`
}
