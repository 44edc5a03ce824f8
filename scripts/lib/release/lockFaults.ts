// Says why a lock does not pin a tree: every entry must be one package of a registry, with the SHA-512 of its tarball.
import {carrierOf, type LockedPackage, lockedPackages, nameAt} from './lockShape.ts'
import type {PackageSpec} from './packageSpec.ts'

/** What is wrong with the text of a package-lock.json for this package, a sentence part each; empty when nothing is. */
export function lockFaults(spec: PackageSpec, text: string): string[] {
  const packages = lockedPackages(text)
  if (packages === undefined) return ['should be an npm lock of version 3, and is not']
  const wanted = packages['']?.dependencies ?? {}
  if (Object.keys(wanted).length !== 1 || wanted[spec.name] !== spec.version) {
    const got = Object.entries(wanted).map(([name, version]) => `${name}@${version}`)
    return [`should lock ${spec.name}@${spec.version}, it locks ${got.join(', ') || 'nothing'}`]
  }
  const got = packages[`node_modules/${spec.name}`]?.version
  if (got !== spec.version) return [`should hold ${spec.name} ${spec.version}, it holds ${got ?? 'none'}`]
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, locked]) => entryFaults(path, locked, packages))
}

const name = '(?:@[A-Za-z0-9~-][A-Za-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*'
const packagePath = new RegExp(`^node_modules/${name}(?:/node_modules/${name})*$`)
// 64 bytes in base64: 86 characters and two of padding.
const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/
// https://semver.org, section 9 to 11, without its optional build metadata, which a registry does not keep.
const exactVersion =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/

function entryFaults(path: string, locked: LockedPackage, packages: Readonly<Record<string, LockedPackage>>): string[] {
  const {integrity, resolved, link, inBundle, version} = locked
  if (!packagePath.test(path)) return [`should hold packages below node_modules alone, it holds ${quoted(path)}`]
  if (link) return [`should pin ${path} by its integrity, it is a link`]
  const faults: string[] = []
  if (resolved !== undefined) faults.push(`should name no host, ${path} comes from ${quoted(resolved)}`)
  if (version === undefined || !exactVersion.test(version))
    faults.push(`should hold an exact version of ${path}, it holds ${version === undefined ? 'none' : quoted(version)}`)
  if (integrity !== undefined) {
    if (!sha512.test(integrity))
      faults.push(`should pin ${path} by sha512- and 88 characters, it has ${quoted(integrity)}`)
  } else if (!inBundle) faults.push(`should pin ${path} by its integrity, it has none`)
  else if (!isCarried(path, packages)) {
    faults.push(`should pin ${path} by its integrity: it is marked as bundled, and no package above it says so`)
  }
  const ranges = {...locked.dependencies, ...locked.optionalDependencies}
  for (const [wanted, range] of Object.entries(ranges)) {
    if (!isOfRegistry(range))
      faults.push(`should need packages of a registry, ${path} wants ${wanted} as ${quoted(range)}`)
  }
  return faults
}

// `npm:name@range` is another name for a package of the registry; whatever else has a colon or a slash is a URL, a path or git.
function isOfRegistry(range: string): boolean {
  return range.startsWith('npm:') || !/[:/]/.test(range)
}

// What a package carries inside its own tarball is pinned by that tarball's integrity: the packages that it names, and what
// those need in turn.
function isCarried(path: string, packages: Readonly<Record<string, LockedPackage>>): boolean {
  const carrier = carrierOf(path, packages)
  const {bundleDependencies, dependencies, integrity} = packages[carrier] ?? {}
  if (carrier === '' || integrity === undefined || bundleDependencies === undefined) return false
  const carried = new Set<string>()
  const enter = (names: readonly string[]) => {
    for (const one of names) {
      if (carried.has(one)) continue
      carried.add(one)
      const below = Object.entries(packages).filter(([at]) => at.startsWith(`${carrier}/`) && nameAt(at) === one)
      for (const [, found] of below) enter(Object.keys({...found.dependencies, ...found.optionalDependencies}))
    }
  }
  enter(
    Array.isArray(bundleDependencies) ? bundleDependencies : bundleDependencies ? Object.keys(dependencies ?? {}) : [],
  )
  return carried.has(nameAt(path))
}

// A lock is text from outside: what it says is shown as JSON, and not at any length.
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 120))
}
