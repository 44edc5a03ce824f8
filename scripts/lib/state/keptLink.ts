// What a link says in a copy of its folder: the same, or the way within the copy where it named the folder by its absolute path.
import {realpathSync, statSync} from 'node:fs'
import {join, posix} from 'node:path'
import {pathOf} from '../files/byteName.ts'
import {linkEscape} from '../files/linkEscape.ts'

export interface LinkToKeep {
  folder: string
  /** Below the folder. */
  path: string
  target: string
  targetOf: (path: string) => string | undefined
}

export interface KeptLink {
  target: string
  /** Where it leads to when that is not in the folder. */
  outside: string | undefined
}

/** `nothing to keep` for a link to a socket, a pipe or a device outside. */
export function keptLink({folder, path, target, targetOf}: LinkToKeep): KeptLink | 'nothing to keep' {
  const within = posix.isAbsolute(target) ? withinFolder(folder, target) : undefined
  const up = path.split('/').slice(1)
  const kept = within === undefined ? target : [...up.map(() => '..'), within].join('/')
  // A chain that goes on at an absolute path into the folder does so in the copy as well, where that is a relative one.
  const outside = linkEscape({path, target: kept, targetOf: at => rerooted(folder, at, targetOf(at))})
  if (outside !== undefined && holdsNothing(join(folder, path))) return 'nothing to keep'
  return {target: kept, outside}
}

function rerooted(folder: string, path: string, target: string | undefined): string | undefined {
  if (target === undefined || !posix.isAbsolute(target)) return target
  const within = withinFolder(folder, target)
  return within === undefined
    ? target
    : [
        ...path
          .split('/')
          .slice(1)
          .map(() => '..'),
        within,
      ].join('/')
}

// The folder may have several names, as where its root is a link: each beginning of the target is looked up, shortest first.
function withinFolder(folder: string, target: string): string | undefined {
  const real = realpathSync.native(folder)
  const names = target.split('/').slice(1)
  for (const [index] of names.entries()) {
    const place = realPlace(`/${names.slice(0, index + 1).join('/')}`)
    if (place === undefined) return undefined
    if (place !== real && !place.startsWith(`${real}/`)) continue
    return [...place.slice(real.length + 1).split('/'), ...names.slice(index + 1)].filter(Boolean).join('/') || '.'
  }
  return undefined
}

function realPlace(path: string): string | undefined {
  try {
    return realpathSync.native(pathOf(path))
  } catch {
    // Whether it does not exist or may not be entered: it is no way into a folder that was just listed.
    return undefined
  }
}

function holdsNothing(path: string): boolean {
  try {
    const stats = statSync(pathOf(path))
    return !stats.isFile() && !stats.isDirectory()
  } catch {
    // Dangling or not to be seen: it is refused by its name.
    return false
  }
}
