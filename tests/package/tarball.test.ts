import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeProject, type Project } from './project.ts'

describe('the packed tarball', () => {
  let project: Project

  beforeAll(async () => {
    project = await makeProject()
  })

  afterAll(() => project?.[Symbol.asyncDispose]())

  it('holds the library, its types and maps, and nothing else', () => {
    const odd = project.packed.filter(
      (path) =>
        !/^(?:package\.json|LICENSE|README\.md|dist\/(?:peer|ui|signaling)\/.*\.(?:js|js\.map|d\.ts))$/.test(path) &&
        !/^dist\/(?:embed\/.*\.(?:js|js\.map)|ui\/[a-z.-]+\.json)$/.test(path),
    )
    expect(odd).toEqual([])
    expect(project.packed.filter((path) => path.startsWith('dist/peer/simulator/'))).toEqual([])
    expect(project.packed).toContain('LICENSE')
    const scripts = project.packed.filter((path) => path.endsWith('.js'))
    expect(scripts.length).toBeGreaterThan(10)
    for (const script of scripts) {
      expect(project.packed).toContain(`${script}.map`)
      // Those to embed are loaded by pages, not by programs.
      if (!script.startsWith('dist/embed/')) expect(project.packed).toContain(script.replace(/js$/, 'd.ts'))
    }
  })

  it('brings what a page without a build needs, and what editors read', () => {
    for (const name of ['tutti-chat.js', 'tutti.js']) expect(project.packed).toContain(`dist/embed/${name}`)
    const about = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    for (const path of [about.customElements, about['web-types']]) expect(project.packed).toContain(path)
    for (const kind of ['html', 'css']) expect(project.packed).toContain(`dist/ui/vscode.${kind}-custom-data.json`)
  })

  it('builds into a page that is its own', async () => {
    await project.run('vite', 'build', '--logLevel', 'warn')
    const assets = join(project.directory, 'dist/assets')
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
    expect(scripts.length).toBeGreaterThan(0)
    for (const name of scripts) expect(readFileSync(join(assets, name), 'utf8')).not.toMatch(/from\s*["']tutti["']/)
  })

  it.each(['bundler.page', 'bundler.server', 'node16.page', 'node16.server'])('type-checks (%s)', async (name) => {
    await project.run('tsc', '-p', `tsconfig.${name}.json`)
  })

  it('brings a command that says how to use it', async () => {
    expect(await project.run('tutti', '--help')).toContain('signaling')
    expect(await project.run('tutti', 'signaling', '--help')).toContain('--port')
  })

  it('is used as the README says', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
    expect(read('../../README.md')).toContain(read('./site/main.ts').trim())
  })
})
