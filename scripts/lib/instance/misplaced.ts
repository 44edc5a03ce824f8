// What the description of an instance says of places outside of the environment's root, where nothing of it may be.
import {isBelow, isSamePlace} from '../files/isBelow.ts'
import type {Instance} from '../target/instance.ts'
import {oneLine} from '../text/foreignText.ts'

/** The first such place, as a sentence part; undefined when there is none. `folder` is where an instance of its name lies. */
export function misplaced(instance: Instance, root: string, folder: string): string | undefined {
  if (!isSamePlace(folder, instance.folder)) return `but folder should be ${folder}, got ${oneLine(instance.folder)}`
  const places = [
    ['releaseFolder', instance.releaseFolder],
    ['ingress.folder', instance.ingress.folder],
    ...instance.servers.flatMap(({name, folder: own, state}) => [
      [`folder of ${name}`, own],
      [`state of ${name}`, state],
    ]),
  ] as const
  const wrong = places.find(([, path = '']) => !isBelow(root, path))
  return wrong && `but ${wrong[0]} should lie in ${root}, got ${oneLine(wrong[1] ?? '')}`
}
