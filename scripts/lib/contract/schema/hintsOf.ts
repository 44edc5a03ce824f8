// Everything that a schema says of a value somewhere, alternatives and negations too: where examples may be found.
import {childOf, type SchemaNode} from './document.ts'
import {listAt, objectAt, ownMember} from './ownMember.ts'
import {type Part, schemaCase} from './schemaCase.ts'

const most = 60

export function hintsOf(node: SchemaNode): Part[] {
  const parts = new Map<string, Part>()
  const work = [node]
  for (let at = work.pop(); at !== undefined && parts.size < most; at = work.pop())
    for (const part of schemaCase([at]).parts) {
      if (parts.has(part.node.id)) continue
      parts.set(part.node.id, part)
      const {keywords} = part
      const schemas = [
        ...listAt(keywords, 'anyOf'),
        ...listAt(keywords, 'oneOf'),
        ...['not', 'if', 'then', 'else'].flatMap(name => ownMember(keywords, name) ?? []),
        ...Object.values(objectAt(keywords, 'dependentSchemas')),
      ]
      work.push(...schemas.map(schema => childOf(part.node, schema)))
    }
  return [...parts.values()]
}
