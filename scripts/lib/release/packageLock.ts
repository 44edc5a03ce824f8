// Reads the lock of one npm package and says what is wrong with it; a lock must pin every byte and name no host.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {PackageSpec} from './packageSpec.ts'

export interface PackageLock {
  spec: PackageSpec
  /** Texts of package.json and package-lock.json. */
  manifest: string
  lock: string
}

interface LockedPackage {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
  inBundle?: boolean
  dependencies?: Record<string, string>
}

/** What package.json of a lock folder says: npm's sbom wants a name and a version of the root. */
export function lockManifest(spec: PackageSpec): string {
  const content = {name: 'lock', version: '1.0.0', private: true, dependencies: {[spec.name]: spec.version}}
  return `${JSON.stringify(content, null, 2)}\n`
}

/** The lock of a package below `locks`, or the sentence that says why it cannot be used. */
export function readPackageLock(locks: string, spec: PackageSpec): PackageLock | string {
  const folder = join(locks, spec.key)
  const manifest = textOf(join(folder, 'package.json'))
  const lock = textOf(join(folder, 'package-lock.json'))
  if (manifest === undefined || lock === undefined) {
    return `locks/${spec.key} should hold package.json and package-lock.json, ${manifest === undefined ? 'package.json' : 'package-lock.json'} is missing`
  }
  const fault = lockFault(spec, lock)
  return fault === undefined
    ? {spec, manifest: lockManifest(spec), lock}
    : `locks/${spec.key}/package-lock.json ${fault}`
}

/** What is wrong with the text of a package-lock.json for this package; undefined when nothing is. */
export function lockFault(spec: PackageSpec, text: string): string | undefined {
  const packages = lockedPackages(text)
  if (packages === undefined) return 'should be an npm lock of version 3, and is not'
  const wanted = packages['']?.dependencies ?? {}
  if (Object.keys(wanted).length !== 1 || wanted[spec.name] !== spec.version) {
    const got = Object.entries(wanted).map(([name, version]) => `${name}@${version}`)
    return `should lock ${spec.name}@${spec.version}, it locks ${got.join(', ') || 'nothing'}`
  }
  const got = packages[`node_modules/${spec.name}`]?.version
  if (got !== spec.version) return `should hold ${spec.name} ${spec.version}, it holds ${got ?? 'none'}`
  for (const [path, {integrity, resolved, link, inBundle}] of Object.entries(packages)) {
    if (path === '') continue
    if (link) return `should pin ${path} by its integrity, it is a link`
    // What another package carries inside its own tarball is pinned by that tarball's integrity.
    if (integrity === undefined && !inBundle) return `should pin ${path} by its integrity, it has none`
    if (resolved !== undefined) return `should name no host, ${path} comes from ${resolved}`
  }
  return undefined
}

/** The package in a lock that has this integrity, as name@version; undefined when none has. */
export function packageOfIntegrity(text: string, integrity: string): string | undefined {
  const found = Object.entries(lockedPackages(text) ?? {}).find(([, locked]) => locked.integrity?.includes(integrity))
  return found === undefined ? undefined : `${found[0].split('node_modules/').at(-1)}@${found[1].version}`
}

function lockedPackages(text: string): Record<string, LockedPackage> | undefined {
  try {
    const {lockfileVersion, packages} = JSON.parse(text)
    return lockfileVersion === 3 && typeof packages === 'object' && packages !== null ? packages : undefined
  } catch {
    return undefined
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
