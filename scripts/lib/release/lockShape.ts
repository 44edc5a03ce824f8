// The shape of an npm lock of version 3, as far as a build relies on it.
import {z} from '../saved/zod.ts'

const ranges = z.record(z.string(), z.string()).optional()

const lockedPackage = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  optional: z.boolean().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  bin: z.unknown().optional(),
  dependencies: ranges,
  optionalDependencies: ranges,
  bundleDependencies: z.union([z.array(z.string()), z.boolean()]).optional(),
})

export type LockedPackage = z.infer<typeof lockedPackage>

const packageLock = z.object({lockfileVersion: z.literal(3), packages: z.record(z.string(), lockedPackage)})

/** What the lock says of each folder, by its path in the tree; undefined when the text is no lock of version 3. */
export function lockedPackages(text: string): Record<string, LockedPackage> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // A conflict marker or a cut file: no JSON, and so no lock.
    return undefined
  }
  return packageLock.safeParse(value).data?.packages
}

/** The name that a package has at this path, such as `@scope/name` for node_modules/a/node_modules/@scope/name. */
export function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** The path of the package whose tarball holds what lies at this path, when that is marked as bundled; '' where none is. */
export function carrierOf(path: string, packages: Readonly<Record<string, LockedPackage>>): string {
  const holder = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))
  return packages[holder]?.inBundle ? carrierOf(holder, packages) : holder
}

/** The packages in a lock that have an install script, by name, with their versions, sorted. */
export function scriptedPackages(text: string): {name: string; version: string}[] {
  return Object.entries(lockedPackages(text) ?? {})
    .filter(([, {hasInstallScript}]) => hasInstallScript)
    .map(([path, {name = nameAt(path), version = ''}]) => ({name, version}))
    .sort((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1))
}
