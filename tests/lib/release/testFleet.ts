// Makes fleets, folders and packages for the tests of building.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {TestContext} from 'node:test'
import type {FleetServer} from '../../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../../scripts/lib/fleet/schema.ts'
import type {BuildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import type {TestPackage} from './registry.ts'

/** A folder with these files; removed when the test ends. */
export function temporaryFolder(test: TestContext, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  test.after(() => rmSync(folder, {recursive: true, force: true}))
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
}

/** A server as a fleet file would declare it, with all defaults. */
export function testServer(name: string, declared: unknown): FleetServer {
  return {name, ...serverSchema.parse(declared)}
}

/** Options of a build whose servers, locks and build folder are all below `folder`. */
export function testBuild(folder: string, servers: FleetServer[]): BuildRelease {
  writeFiles(folder, {'ingress.ts': 'console.log("ingress" satisfies string)\n'})
  return {
    fleet: {name: 'test', folder, servers},
    raw: {fleet: 'test', servers: servers.map(server => server.name)},
    buildRoot: join(folder, '.build'),
    signal: new AbortController().signal,
    ingress: join(folder, 'ingress.ts'),
  }
}

/** A server that says its words, one that it depends on, and a bridge that says its own. */
export const testPackages: TestPackage[] = [
  {
    name: '@test/echo',
    version: '1.0.0',
    bin: {echo: 'main.mjs'},
    dependencies: {words: '^1.0.0'},
    files: {'main.mjs': '#!/usr/bin/env node\nimport {said} from "words"\nconsole.log(said(process.argv))\n'},
  },
  {
    name: 'words',
    version: '1.0.0',
    files: {'index.js': 'exports.said = argv => JSON.stringify(argv.slice(2))\n'},
  },
  {
    name: 'bridge',
    version: '2.0.0',
    bin: {bridge: './main.mjs'},
    files: {
      'main.mjs':
        '#!/usr/bin/env node\nimport {execFileSync} from "node:child_process"\nconst [port, , ...words] = process.argv.slice(2)\nconsole.log("bridge " + port)\nprocess.stdout.write(execFileSync(words[0], words.slice(1)))\n',
    },
  },
]

export const echo = testServer('echo', {
  source: {npm: '@test/echo@1.0.0'},
  transport: 'stdio',
  bridge: {npm: 'bridge@2.0.0', command: ['bridge', '{port}', '--', '{command}']},
  command: ['echo', '{state}', 'hello'],
})

export const folderFiles = {
  'servers/own/main.mjs': 'console.log("own")\n',
  'servers/own/package.json': '{"version":"0.3.0"}',
}

export const own = testServer('own', {source: {folder: 'servers/own'}, command: ['main.mjs']})
