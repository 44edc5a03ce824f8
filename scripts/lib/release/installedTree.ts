// Compares a built tree with its lock: the same packages at the same places, and what is marked as bundled really is.
import {join} from 'node:path'
import {namesIfThere, readIfThere} from '../files/ifThere.ts'
import {z} from '../saved/zod.ts'
import {carrierOf, type LockedPackage, lockedPackages, nameAt} from './lockShape.ts'

const carried = z.union([z.array(z.string()), z.boolean(), z.record(z.string(), z.unknown())]).optional()
const installedPackage = z.object({
  name: z.string(),
  version: z.string(),
  bundleDependencies: carried,
  bundledDependencies: carried,
})

/** How the tree differs from the text of its lock, a sentence part each; empty when it is what the lock pins. */
export function installedTreeFaults(tree: string, lock: string): string[] {
  const packages = lockedPackages(lock) ?? {}
  const locked = Object.entries(packages).filter(([path]) => path !== '')
  return [
    ...locked.flatMap(([path, entry]) => entryFaults(tree, path, entry, packages)),
    ...topPackages(tree)
      .filter(path => packages[path] === undefined)
      .map(path => `holds ${path}, which is not locked`),
  ]
}

function entryFaults(
  tree: string,
  path: string,
  locked: LockedPackage,
  packages: Readonly<Record<string, LockedPackage>>,
): string[] {
  const installed = installedAt(tree, path)
  if (installed === undefined) {
    // What is for another platform, or failed to install and is optional, is left out by npm.
    const mayLack = locked.optional || locked.dev || locked.devOptional
    return mayLack ? [] : [`should hold ${path}, there is no package.json with a name and a version`]
  }
  const wanted = {name: locked.name ?? nameAt(path), version: plainVersion(locked.version ?? '')}
  const got = {name: installed.name, version: plainVersion(installed.version)}
  const faults =
    got.name === wanted.name && got.version === wanted.version
      ? []
      : [`should hold ${wanted.name}@${wanted.version} at ${path}, it holds ${got.name}@${got.version}`]
  if (locked.integrity !== undefined || !locked.inBundle) return faults
  const carrier = carrierOf(path, packages)
  const says = installedAt(tree, carrier)
  const isTrue = says?.bundleDependencies || says?.bundledDependencies
  return isTrue ? faults : [...faults, `has ${path} as bundled, and ${carrier} bundles nothing`]
}

function installedAt(tree: string, path: string): z.infer<typeof installedPackage> | undefined {
  const text = readIfThere(join(tree, path, 'package.json'))
  if (text === undefined) return undefined
  try {
    return installedPackage.safeParse(JSON.parse(text)).data
  } catch {
    // The text of a package of somebody else; what is no JSON is no package.
    return undefined
  }
}

// Only these can have come from a registry beside the lock; what lies deeper came with the tarball of a locked package.
function topPackages(tree: string): string[] {
  return namesIfThere(join(tree, 'node_modules'))
    .filter(name => !name.startsWith('.'))
    .flatMap(name =>
      name.startsWith('@')
        ? namesIfThere(join(tree, 'node_modules', name)).map(own => `node_modules/${name}/${own}`)
        : [`node_modules/${name}`],
    )
}

// A package may write "v1.0.0" or add build metadata; a registry keeps neither.
function plainVersion(version: string): string {
  return version
    .trim()
    .replace(/^[v=]+/, '')
    .replace(/\+.*$/, '')
}
