// A registry of the tests' own on a free loopback port: it serves tiny packages whose tarballs it can change or hold back.
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export interface TestPackage {
  name: string
  version: string
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  scripts?: Record<string, string>
  hasInstallScript?: boolean
  files?: Record<string, string>
}

export interface TestRegistry {
  /** What npm must see to use this registry and nothing of the machine's own settings. */
  environment: Record<string, string>
  /** The registry's address. */
  url: string
  /** From now on the tarball has other bytes than the registry's own list says. */
  change(name: string): void
  /** From now on a tarball is not sent; resolves with the response that waits, once it was asked for. */
  hold(name: string): Promise<ServerResponse>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startRegistry(packages: readonly TestPackage[]): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  const tarballs = new Map(packages.map(one => [one.name, packed(folder, one)]))
  const held = new Map<string, (response: ServerResponse) => void>()
  const server = createServer((request, response) => {
    const [name = '', part] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/')
    const tarball = tarballs.get(name)
    if (tarball === undefined) response.writeHead(404).end('{}')
    else if (part === undefined) {
      const versions = packages.filter(one => one.name === name).map(one => [one.version, listed(one, url, folder)])
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({name, 'dist-tags': {}, versions: Object.fromEntries(versions)}))
    } else if (held.has(name)) held.get(name)?.(response)
    else response.end(tarball)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      npm_config_registry: url,
      npm_config_cache: join(folder, 'cache'),
      npm_config_fetch_retries: '0',
    },
    change(name) {
      tarballs.set(name, packed(folder, {name, version: '1.0.0', files: {'main.mjs': 'console.log("changed")\n'}}))
    },
    hold(name) {
      return new Promise(resolve => held.set(name, resolve))
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

function listed({files: _, ...manifest}: TestPackage, url: string, folder: string) {
  const integrity = `sha512-${createHash('sha512')
    .update(readFileSync(first(folder, manifest)))
    .digest('base64')}`
  return {...manifest, dist: {tarball: `${url}/${manifest.name}/-/package.tgz`, integrity}}
}

function first(folder: string, {name, version}: TestPackage): string {
  return join(folder, `${name.replace('/', '+')}-${version}-first.tgz`)
}

// The first tarball of a package is kept, since its integrity is what the registry goes on to list.
function packed(folder: string, {files = {}, ...manifest}: TestPackage): Buffer {
  const source = mkdtempSync(join(folder, 'source-'))
  mkdirSync(join(source, 'package'))
  for (const [path, text] of Object.entries({...files, 'package.json': JSON.stringify(manifest)})) {
    writeFileSync(join(source, 'package', path), text)
  }
  // Dates of the files are fixed, so that every registry has the same tarballs.
  execFileSync('tar', [
    '-czf',
    join(source, 'package.tgz'),
    '--mtime=2026-01-01',
    '--sort=name',
    '--owner=0',
    '--group=0',
    '-C',
    source,
    'package',
  ])
  const bytes = readFileSync(join(source, 'package.tgz'))
  try {
    writeFileSync(first(folder, manifest), bytes, {flag: 'wx'})
  } catch {
    // It is there: this one is a changed tarball.
  }
  return bytes
}
