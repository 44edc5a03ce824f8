// Reads the lock of one npm package and says what is wrong with it; a lock must pin every byte and name no host.
import {join} from 'node:path'
import {readIfThere} from '../files/ifThere.ts'
import {lockFaults} from './lockFaults.ts'
import {lockedPackages, nameAt, scriptedPackages} from './lockShape.ts'
import type {PackageSpec} from './packageSpec.ts'

export interface PackageLock {
  spec: PackageSpec
  /** Texts of package.json, with the install scripts that may run, and of package-lock.json. */
  manifest: string
  lock: string
  /** Packages whose install scripts run when the tree is built, as name@version. */
  scripts: string[]
}

/**
 * What package.json of a lock folder says: npm's sbom wants a name and a version of the root. Scripts that may run are of a
 * build and not of the lock; npm reads them from `allowScripts` (docs.npmjs.com, npm install-scripts).
 */
export function lockManifest(spec: Pick<PackageSpec, 'name' | 'version'>, scripts: readonly string[] = []): string {
  const allowed = Object.fromEntries(scripts.map(name => [name, true]))
  const content = {
    name: 'lock',
    version: '1.0.0',
    private: true,
    dependencies: {[spec.name]: spec.version},
    ...(scripts.length > 0 && {allowScripts: allowed}),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

const shownFaults = 5

/** The lock of a package below `locks`, or the sentences that say why it cannot be used. Throws when it cannot be read. */
export function readPackageLock(locks: string, spec: PackageSpec): PackageLock | string[] {
  const folder = join(locks, spec.key)
  const lock = readIfThere(join(folder, 'package-lock.json'))
  if (lock === undefined) return [`${spec.name}@${spec.version} is not locked yet`]
  const faults = lockFaults(spec, lock).map(fault => `locks/${spec.key}/package-lock.json ${fault}`)
  const hidden = faults.length - shownFaults
  if (hidden > 0)
    return [...faults.slice(0, shownFaults), `locks/${spec.key}/package-lock.json has ${hidden} more faults`]
  if (faults.length > 0) return faults
  const scripted = scriptedPackages(lock)
  const unknown = spec.scripts.filter(name => !scripted.some(one => one.name === name))
  if (unknown.length > 0) {
    const known = [...new Set(scripted.map(({name}) => name))]
    return unknown.map(
      name =>
        `scripts: ${name} has no install script in the tree of ${spec.name}@${spec.version}; ${known.length > 0 ? `those that have one: ${known.join(', ')}` : 'no package has one'}`,
    )
  }
  const run = scripted.filter(({name}) => spec.scripts.includes(name)).map(({name, version}) => `${name}@${version}`)
  return {spec, manifest: lockManifest(spec, spec.scripts), lock, scripts: run}
}

/** The package in a lock that has this integrity, as name@version; undefined when none has. */
export function packageOfIntegrity(text: string, integrity: string): string | undefined {
  const found = Object.entries(lockedPackages(text) ?? {}).find(([, locked]) => locked.integrity === integrity)
  return found === undefined ? undefined : `${nameAt(found[0])}@${found[1].version}`
}
