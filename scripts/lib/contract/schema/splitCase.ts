// Takes a case apart at its next choice: each value of the case is in at least one of the parts.
import {childOf} from './document.ts'
import {negationOf} from './negationOf.ts'
import {listAt, namesAt, objectAt, ownMember} from './ownMember.ts'
import type {Prover} from './prover.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'
import {isNumber, kindsOf} from './types.ts'

type Make = Prover['make']

/** The parts of the first choice that is not made yet (`anyOf`, `oneOf`, `if`, a dependent schema); undefined when none is left. */
export function splitCase(values: SchemaCase, make: Make): SchemaCase[] | undefined {
  for (const {node, keywords} of values.parts) {
    for (const keyword of ['anyOf', 'oneOf']) {
      const choice = `${node.id}/${keyword}`
      const branches = listAt(keywords, keyword)
      if (branches.length === 0 || values.chosen.has(choice)) continue
      return branches.map(branch => schemaCase([childOf(node, branch)], values, choice))
    }
    const condition = ownMember(keywords, 'if')
    if (condition !== undefined && !values.chosen.has(`${node.id}/if`)) {
      const when = (name: string) => childOf(node, ownMember(keywords, name) ?? true)
      return [
        schemaCase([childOf(node, condition), when('then')], values, `${node.id}/if`),
        schemaCase([negationOf(childOf(node, condition), make), when('else')], values, `${node.id}/if`),
      ]
    }
    for (const keyword of ['dependentSchemas', 'dependencies'])
      for (const [name, schema] of Object.entries(objectAt(keywords, keyword))) {
        const choice = `${node.id}/${keyword}/${name}`
        if (Array.isArray(schema) || values.chosen.has(choice)) continue
        // Nothing is asked of a value that is no object.
        return [
          schemaCase([make({required: [name]}), childOf(node, schema)], values, choice),
          schemaCase([make({not: {type: 'object', required: [name]}})], values, choice),
        ]
      }
  }
  return undefined
}

/** One case for each kind of value; undefined when there is but one. */
export function splitByKind(values: SchemaCase, make: Make): SchemaCase[] | undefined {
  const names = [...new Set([...kindsOf(values)].map(kind => (isNumber(kind) ? 'number' : kind)))]
  if (names.length < 2 || values.chosen.has('kind')) return undefined
  return names.map(type => schemaCase([make({type})], values, 'kind'))
}

/** Whether some part demands the member, or another member that a demanded one brings with it. */
export function demands({parts}: SchemaCase, name: string): boolean {
  const demanded = new Set(parts.flatMap(({keywords}) => namesAt(keywords, 'required')))
  // A set grows while it is walked.
  for (const given of demanded)
    for (const {keywords} of parts)
      for (const keyword of ['dependentRequired', 'dependencies'])
        for (const needed of namesAt(objectAt(keywords, keyword), given)) demanded.add(needed)
  return demanded.has(name)
}
