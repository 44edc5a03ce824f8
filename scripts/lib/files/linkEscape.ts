// Whether a link leaves the folder in which it lies: every link on its way is followed, since texts alone do not say it.
import {posix} from 'node:path'

export interface FollowedLink {
  /** Where the link lies, relative to the folder that it must not leave, `/` between names. */
  path: string
  target: string
  /** What the link at another path of that folder says; undefined where there is no link. */
  targetOf: (path: string) => string | undefined
}

// Linux gives up after 40 links (path_resolution(7)); a link that nobody can follow leads nowhere.
const mostLinks = 40

/**
 * The place outside to which a link leads, absolute or beginning with `..`; undefined when it stays in the folder. Names
 * that do not exist count as folders, so that a dangling link is refused for what it would lead to.
 */
export function linkEscape({path, target, targetOf}: FollowedLink): string | undefined {
  if (posix.isAbsolute(target)) return target
  const place = namesOf(posix.dirname(path))
  // The next name is the last one, so that a long target is not copied for each of its names.
  const ahead = namesOf(target).reverse()
  for (let links = 1; ; ) {
    const name = ahead.pop()
    if (name === undefined) return undefined
    if (name === '..') {
      if (place.pop() === undefined) return ['..', ...ahead.reverse()].join('/')
      continue
    }
    place.push(name)
    const next = targetOf(place.join('/'))
    if (next === undefined) continue
    links++
    if (links > mostLinks) return undefined
    if (posix.isAbsolute(next)) return [next, ...ahead.reverse()].join('/')
    place.pop()
    ahead.push(...namesOf(next).reverse())
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter(name => name !== '' && name !== '.')
}
