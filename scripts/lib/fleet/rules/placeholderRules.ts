// Rules about placeholders and paths: what is filled in at start, and state that lies below the state folder.
import {isAbsolute, normalize} from 'node:path'
import type {Fault, Path} from '../../saved/fault.ts'
import {nearest} from '../../text/nearest.ts'
import {eachServer, type Rule} from './rule.ts'

const placeholders = ['port', 'host', 'state', 'server', 'release', 'runtime']

export const placeholderRules: Rule[] = [
  eachServer(({command, env, bridge}, path) => [
    ...command.flatMap((word, index) => misspelt(word, [...path, 'command', index], placeholders)),
    ...Object.entries(env).flatMap(([name, value]) => misspelt(value, [...path, 'env', name], placeholders)),
    ...(bridge?.command ?? []).flatMap((word, index) =>
      misspelt(word, [...path, 'bridge', 'command', index], [...placeholders, 'command']),
    ),
  ]),
  eachServer(({state}, path) =>
    (state?.paths ?? []).flatMap((own, index) =>
      leaves(own)
        ? [
            {
              path: [...path, 'state', 'paths', index],
              message: `should be below the state folder of the server, got ${own}`,
              remedy: 'write paths such as memory.jsonl, data or .',
            },
          ]
        : [],
    ),
  ),
]

// A word in braces may be the server's own, such as a template of a URL, so only what is nearly one of ours is a fault.
function misspelt(word: string, path: Path, known: readonly string[]): Fault[] {
  return [...word.matchAll(/\{([a-z]+)\}/g)].flatMap(([whole, name = '']) => {
    const meant = known.includes(name) ? '' : meantBy(name, known)
    if (meant === '') return []
    const all = known.map(one => `{${one}}`).join(' ')
    return [
      {
        path,
        message: `holds ${whole}, which nothing fills in`,
        remedy: `${meant.replace(/"(\w+)"/, '{$1}')}known: ${all}`,
      },
    ]
  })
}

// Letters in another order are further apart than `nearest` goes for a name this short.
function meantBy(name: string, known: readonly string[]): string {
  const letters = (text: string) => [...text].toSorted().join('')
  const same = known.find(one => letters(one) === letters(name))
  return same === undefined ? nearest(name, known) : `did you mean "${same}"? `
}

/** Whether a path is none below the folder to which it is relative, by its text. */
export function leaves(path: string): boolean {
  return path.includes('\0') || isAbsolute(path) || normalize(path).split('/')[0] === '..'
}
